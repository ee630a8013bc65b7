"""The queue and the cache hang: whatever a person does is answered, and done when they go on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gallery.accounts.models import LinkedAccount, Revocation
from gallery.changes.models import Change
from gallery.jobs import queue
from gallery.library.models import Photo, Sync
from gallery.uploads.models import Upload
from tests.support.jobs import Kind, work_on
from tests.support.painting import picture
from tests.support.sapo_cast import OwnPhoto, form_of
from tests.support.valkey_stops import hanging_valkey

pytestmark = pytest.mark.django_db(transaction=True)
WAITS = 3.0  # seconds; the cache is waited for half a second, once
AS_MANY = 20  # times what a page took just before: what the machine has to do beside is no wait of ours


@pytest.fixture(autouse=True)
def _everything_is_sent_in_the_end() -> Iterator[None]:
    yield
    assert queue.flush(30)


@contextmanager
def hanging_and_answered_in_time(own: OwnPhoto) -> Iterator[None]:
    started = time.monotonic()
    assert own.client.get(reverse("uploads:list")).status_code == 200
    usual = time.monotonic() - started
    with hanging_valkey():
        started = time.monotonic()
        yield
        assert time.monotonic() - started < WAITS + AS_MANY * usual


@pytest.mark.parametrize(
    "name", ["library:home", "library:album_list", "uploads:list", "uploads:new", "accounts:list"]
)
def test_pages_answer(own: OwnPhoto, name: str) -> None:
    for _ in range(3):
        with hanging_and_answered_in_time(own):
            assert own.client.get(reverse(name)).status_code == 200


def test_upload_is_accepted_and_sent_later(own: OwnPhoto) -> None:
    file = SimpleUploadedFile("apple.jpg", picture(text="apple"), "image/jpeg")
    with hanging_and_answered_in_time(own):
        reply = own.client.post(reverse("uploads:new"), {"account": own.account.pk, "files": file})
    assert reply.status_code == 302
    assert Upload.objects.get().status == "queued"
    assert work_on(Kind.UPLOADS) >= 1


def test_sync_is_asked_for(own: OwnPhoto) -> None:
    with hanging_and_answered_in_time(own):
        assert own.client.post(reverse("library:sync_now", args=[own.account.pk])).status_code == 302
    assert Sync.objects.get().wanted_at is not None
    assert work_on(Kind.SYNCS) == 1


def test_edit_is_accepted_and_made_later(own: OwnPhoto) -> None:
    form = form_of(own, title="Nova")
    with hanging_and_answered_in_time(own):
        assert own.client.post(reverse("changes:edit", args=[own.photo.pk]), form).status_code == 302
    assert Change.objects.get().status == Change.Status.WAITING
    assert work_on(Kind.CHANGES) == 1
    own.image.refresh_from_db()
    assert own.image.title == "Nova"


def test_unlinking_is_done_whole(own: OwnPhoto) -> None:
    with hanging_and_answered_in_time(own):
        assert own.client.post(reverse("accounts:unlink", args=[own.account.pk])).status_code == 302
    assert LinkedAccount.objects.get().state == LinkedAccount.State.LEAVING
    assert Revocation.objects.count() == 1
    assert work_on(Kind.REMOVALS) == 1 and work_on(Kind.REVOCATIONS) == 1
    assert not LinkedAccount.objects.exists() and not Photo.objects.exists()
    assert not Revocation.objects.exists()
