"""No account takes all workers, and a service that is away is asked once and not by each upload."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from gallery.accounts.services import note_ok
from gallery.uploads.delivery import lease
from gallery.uploads.jobs import AT_ONCE
from gallery.uploads.models import Upload
from gallery.uploads.states import Status
from tests.support.fake_service import Truth
from tests.support.jobs import Kind, send_upload, work_on
from tests.support.linking import link, upload_of
from tests.support.painting import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_renewal(settings: Settings) -> None:
    """Leases are renewed by a thread, which would not see what this test's transaction has written."""
    settings.LEASE_RENEW_SECONDS = settings.LEASE_SECONDS = 600


@contextmanager
def while_sending(verb: Callable[[], None]) -> Iterator[None]:
    """`verb` is called each time the bytes of some upload begin to flow."""
    with mock.patch.object(lease, "on_step", lambda name: verb() if name == "sending" else None):
        yield


def status_of(upload: Upload) -> str:
    return Upload.objects.get(pk=upload.pk).status


def test_account_has_only_its_share_of_the_workers(alice: User, bob: User, truth: Truth) -> None:
    account = link(alice)
    hers = [upload_of(account, picture(text=f"{n}"), f"{n}.jpg") for n in range(AT_ONCE + 2)]
    his = upload_of(link(bob), picture(text="his"), "his.jpg")
    at_work: list[int] = []

    def other_workers() -> None:
        at_work.append(Upload.objects.filter(account=account).exclude(lease_owner="").count())
        for upload in [*hers, his]:
            if status_of(upload) == Status.QUEUED:
                send_upload(upload.pk)

    with while_sending(other_workers):
        send_upload(hers[0].pk)
    assert max(at_work) == AT_ONCE
    assert {status_of(upload) for upload in [*hers, his]} == {Status.STORED}
    assert truth.operations.count("send") == len(hers) + 1


def test_worker_goes_on_until_nothing_waits(alice: User, bob: User, truth: Truth) -> None:
    uploads = [upload_of(link(user), picture(text=user.username), "a.jpg") for user in (alice, bob)]
    uploads.append(upload_of(uploads[0].account, picture(text="more"), "b.jpg"))
    assert work_on(Kind.UPLOADS) == 3
    assert {status_of(upload) for upload in uploads} == {Status.STORED}


@pytest.mark.parametrize("fault", ["busy", "drop"])
@pytest.mark.parametrize("operation", ["begin", "send", "confirm"])
def test_service_that_is_away_is_not_asked_by_every_upload(
    alice: User, bob: User, truth: Truth, operation: str, fault: str
) -> None:
    account, other = link(alice), link(bob)
    uploads = [upload_of(account, picture(text=f"{n}"), f"{n}.jpg") for n in range(4)]
    truth.faults[operation].append(fault)
    send_upload(uploads[0].pk)
    assert Upload.objects.get(pk=uploads[0].pk).next_at is not None
    truth.operations.clear()
    for upload in uploads:
        send_upload(upload.pk)
    assert truth.operations == []
    his = upload_of(other, picture(text="his"), "his.jpg")
    send_upload(his.pk)
    assert status_of(his) == Status.STORED


def test_what_was_held_back_goes_on_when_the_account_answers(alice: User, truth: Truth) -> None:
    account = link(alice)
    uploads = [upload_of(account, picture(text=f"{n}"), f"{n}.jpg") for n in range(3)]
    truth.faults["begin"].append("busy")
    send_upload(uploads[0].pk)
    account.refresh_from_db()
    note_ok(account)
    assert not Upload.objects.filter(next_at__gt=timezone.now()).exists()
    for upload in uploads:
        send_upload(upload.pk)
        assert status_of(upload) == Status.STORED


@pytest.mark.django_db(transaction=True)
def test_workers_that_come_at_once_take_no_more_than_the_share(alice: User, truth: Truth) -> None:
    account = link(alice)
    uploads = [upload_of(account, picture(text=f"{n}"), f"{n}.jpg") for n in range(6)]
    at_work: list[int] = []
    everybody = threading.Barrier(len(uploads))

    def look() -> None:
        held = Upload.objects.filter(account=account, lease_until__gt=timezone.now())
        at_work.append(held.count())

    def worker(upload: Upload) -> None:
        everybody.wait()
        send_upload(upload.pk)
        connection.close()

    with while_sending(look):
        threads = [threading.Thread(target=worker, args=[upload]) for upload in uploads]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert 1 <= max(at_work) <= AT_ONCE
