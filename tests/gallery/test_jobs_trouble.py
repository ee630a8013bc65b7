"""What breaks is tried again later and ends; what is in nobody's power stands in nobody's way."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from celery import Celery
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from pytest_django import Settings

from gallery.accounts.jobs import KeyWork
from gallery.accounts.models import LinkedAccount, Revocation
from gallery.accounts.services import unlink_account
from gallery.changes.models import Change
from gallery.jobs.kinds import Kind
from gallery.uploads.delivery.policy import MAX_WAITS
from gallery.uploads.jobs import UploadWork
from gallery.uploads.models import Upload
from gallery.uploads.states import Status
from tests.gallery.test_jobs_fairness import wait_in_line
from tests.support.fake_service import Truth
from tests.support.jobs import is_due, work_on
from tests.support.linking import link, upload_of
from tests.support.painting import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_renewal(settings: Settings) -> None:
    """Leases are renewed by a thread, which does not see this test's transaction."""
    settings.LEASE_RENEW_SECONDS = settings.LEASE_SECONDS = 600


def test_key_of_a_service_that_is_offered_no_more_is_forgotten_in_the_end() -> None:
    Revocation.objects.create(provider_id="nobody-offers", uid="u", sealed="s", next_at=timezone.now())
    for tries in range(1, 10):
        work_on(Kind.REVOCATIONS)
        row = Revocation.objects.get()
        assert (row.tries, row.lease_owner) == (tries, "")
        assert row.next_at is not None and row.next_at > timezone.now()
        Revocation.objects.update(next_at=timezone.now())
    work_on(Kind.REVOCATIONS)
    assert not Revocation.objects.exists()


def test_change_of_an_account_that_is_being_unlinked_is_not_begun(alice: User, truth: Truth) -> None:
    account = link(alice)
    change = Change.objects.create(
        owner=alice, account=account, photo_remote_id="1", kind=Change.Kind.EDIT, next_at=timezone.now()
    )
    assert is_due(Kind.CHANGES, change.pk)
    unlink_account(account)
    assert not is_due(Kind.CHANGES, change.pk)


def test_account_unlinked_while_its_key_is_renewed_is_taken_down_at_once(alice: User, truth: Truth) -> None:
    account = link(alice)
    account.social_account.socialtoken_set.update(expires_at=timezone.now() + timedelta(minutes=5))  # type: ignore[union-attr]
    job = KeyWork().claim()
    assert job is not None
    unlink_account(LinkedAccount.objects.get())
    with suppress(ObjectDoesNotExist):  # its key is gone
        job()
    assert is_due(Kind.REMOVALS, account.pk)


def test_many_accounts_that_wait_for_their_turn_let_others_pass(alice: User, bob: User, truth: Truth) -> None:
    """Their services name no new photo, and each has one that is still looked for."""
    his = link(bob)
    wait_in_line(his, 1)
    Upload.objects.update(status=Status.STORED, claimed_at=timezone.now())
    wait_in_line(his, 1)
    for number in range(25):
        account = link(alice, "listed")
        account = LinkedAccount.objects.get(pk=account.pk)
        wait_in_line(account, 2)
        Upload.objects.filter(account=account).update(takes_turns=True)
        first = Upload.objects.filter(account=account).earliest("pk")
        Upload.objects.filter(pk=first.pk).update(
            status=Status.CONFIRMING,
            confirm_until=timezone.now() + timedelta(hours=1),
            next_at=timezone.now() + timedelta(minutes=5),
            claimed_at=timezone.now() - timedelta(minutes=1),
        )
        account.social_account.delete()  # type: ignore[union-attr]
        LinkedAccount.objects.filter(pk=account.pk).update(remote_id=f"other-{number}", state="ok")
    job: Any = UploadWork().claim()
    assert job is not None and job.args[0].account_id == his.pk


def test_upload_that_breaks_when_it_is_confirmed_is_looked_at_later_and_ends(
    alice: User, truth: Truth, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = upload_of(link(alice), picture(text="apple"))
    Upload.objects.update(
        status=Status.CONFIRMING, ticket="no ticket at all", confirm_until=timezone.now(), waits=3
    )
    monkeypatch.setattr("gallery.uploads.delivery.confirm.open_ticket", _broken)
    with pytest.raises(ZeroDivisionError):
        work_on(Kind.UPLOADS)
    upload.refresh_from_db()
    assert (upload.status, upload.lease_owner, upload.waits) == (Status.CONFIRMING, "", 4)
    assert upload.next_at is not None and upload.next_at > timezone.now()
    Upload.objects.update(waits=MAX_WAITS, next_at=timezone.now())
    with pytest.raises(ZeroDivisionError):
        work_on(Kind.UPLOADS)
    upload.refresh_from_db()
    assert (upload.status, upload.reason) == (Status.FAILED, "never_known")


def _broken(upload: Upload) -> None:
    raise ZeroDivisionError


def test_beat_shows_that_it_lives_while_no_queue_is_there(settings: Settings) -> None:
    from gallery.jobs.beat import Scheduler

    scheduler = Scheduler(Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False), lazy=True)
    assert scheduler.producer is None  # nothing waits for a connection
