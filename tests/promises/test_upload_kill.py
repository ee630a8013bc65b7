"""Whatever is killed and whenever: every upload ends once, stored exactly once."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from gallery.jobs import queue
from gallery.jobs.kinds import Kind
from gallery.jobs.work import sweep
from gallery.library.models import Album, Photo
from gallery.uploads.delivery.lease import STEPS
from gallery.uploads.models import Upload
from gallery.uploads.states import Status
from tests.support.fake_service import FakeServiceServer, Truth
from tests.support.linking import link, offered, upload_of
from tests.support.painting import picture
from tests.support.queues import forget_everything, messages
from tests.support.workers import until, working

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.whole_site]


@pytest.fixture(autouse=True)
def _short_leases(settings: Any) -> None:
    settings.LEASE_SECONDS = 2
    settings.UPLOAD_DOUBT_SECONDS = 2


def is_over() -> bool:
    """No file is on its way, and no copy is left, which goes last of all."""
    return not Upload.objects.exclude(status=Status.FAILED).exclude(status=Status.STORED, file="").exists()


def ends_well(truth: Truth, contents: list[bytes]) -> None:
    trails = [
        (
            upload.filename,
            upload.status,
            upload.reason,
            [f"{event} {event.note}" for event in upload.events.all()],
        )
        for upload in Upload.objects.exclude(status=Status.STORED)
    ]
    assert not trails
    assert [truth.copies_of(content) for content in contents] == [1] * len(contents)
    assert len(truth.photos) == Photo.objects.count() == len(contents)
    assert set(Upload.objects.values_list("file", flat=True)) == {""}


@pytest.mark.parametrize("kind", ["ticketed", "listed"])
def test_upload_survives_a_kill_at_every_step(alice: User, kind: str) -> None:
    """One upload for each step, and a worker that dies there, on it or on one it was saving."""
    contents = [picture(colour=(20 * number, 90, 160), text=kind) for number in range(len(STEPS))]
    forget_everything()
    with FakeServiceServer() as server, offered(server.url):
        account = link(alice, kind)
        for name, content in zip(STEPS, contents, strict=True):
            upload_of(account, content, f"{name}.jpg", new_album=f"Album of {name}")
            with working(server.url, die_at=name) as worker:
                until(lambda: worker.poll() is not None, seconds=60, meanwhile=sweep)
                assert worker.returncode == -9, f"no worker died at {name}"
        with working(server.url):
            until(is_over, seconds=90, meanwhile=sweep)
        ends_well(server.truth, contents)
        assert sorted(server.truth.albums.values()) == sorted(f"Album of {name}" for name in STEPS)
        assert Album.objects.count() == len(STEPS)


def test_flushed_queue_loses_no_upload(alice: User) -> None:
    contents = [picture(text=f"flushed {number}") for number in range(6)]
    with FakeServiceServer() as server, offered(server.url):
        account = link(alice)
        for number, content in enumerate(contents):
            upload_of(account, content, f"{number}.jpg")
        forget_everything()
        with working(server.url):
            queue.wake(Kind.KEYS)
            assert queue.flush(60) and until(lambda: not messages(Kind.KEYS), seconds=60, meanwhile=bool)
            assert not is_over()  # the worker is there, and nobody wakes it for an upload any more
            sweep()
            forget_everything()
            until(is_over, seconds=60, meanwhile=sweep)
        ends_well(server.truth, contents)
