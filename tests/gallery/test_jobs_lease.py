"""Leases and waits: believed as long as they can be true, whatever a clock has said."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from gallery.accounts.models import Revocation
from gallery.changes.models import Change
from gallery.jobs.backoff import Backoff
from gallery.jobs.kinds import Kind
from gallery.jobs.lease import LONGEST_WAIT, Lease, LeaseLost
from gallery.library import services
from gallery.library.models import Sync
from gallery.uploads.models import Upload, UploadBatch
from gallery.uploads.states import Status
from providers.contract.errors import RateLimited
from tests.support.fake_service import Truth
from tests.support.jobs import is_due, recover_uploads, work_on
from tests.support.linking import link, upload_of
from tests.support.painting import picture

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_renewal(settings: Settings) -> None:
    """Leases are renewed by a thread, which does not see this test's transaction."""
    settings.LEASE_RENEW_SECONDS = settings.LEASE_SECONDS = 600


@pytest.fixture
def upload(alice: User, truth: Truth) -> Upload:
    return upload_of(link(alice), picture(text="apple"))


def revocation() -> Revocation:
    return Revocation.objects.create(provider_id="p", uid="u", sealed="s", next_at=timezone.now())


def test_lease_is_taken_once_and_given_back() -> None:
    rows = Revocation.objects.filter(pk=revocation().pk)
    first, second = Lease(rows), Lease(rows)
    assert first.take() and not second.take()
    assert first.release(tries=1) and not first.release(tries=5)
    assert second.take()
    assert rows.get().tries == 1


def test_lease_on_a_row_that_is_gone_is_lost() -> None:
    row = revocation()
    lease = Lease(Revocation.objects.filter(pk=row.pk))
    assert lease.take()
    row.delete()
    with pytest.raises(LeaseLost):
        lease.renew()
    with pytest.raises(LeaseLost):
        lease.check()


def test_lease_of_a_clock_that_was_a_day_ahead_is_not_believed(upload: Upload) -> None:
    Upload.objects.update(lease_owner="a dead worker", lease_until=timezone.now() + TOMORROW)
    assert work_on(Kind.UPLOADS) == 1
    upload.refresh_from_db()
    assert upload.status == Status.STORED


def test_wait_of_a_clock_that_was_a_day_ahead_is_over(upload: Upload) -> None:
    Upload.objects.update(next_at=timezone.now() + TOMORROW)
    assert work_on(Kind.UPLOADS) == 1


def test_upload_that_was_on_its_way_under_a_wrong_clock_is_confirmed(upload: Upload, truth: Truth) -> None:
    later = timezone.now() + TOMORROW
    Upload.objects.update(
        status=Status.SENDING, ticket="t", lease_owner="dead", lease_until=later, confirm_until=later
    )
    recover_uploads()
    upload.refresh_from_db()
    assert upload.status == Status.CONFIRMING
    assert upload.confirm_until is not None and upload.confirm_until < timezone.now() + LONGEST_WAIT


def test_doubt_that_was_dated_by_a_wrong_clock_begins_anew(upload: Upload, truth: Truth) -> None:
    truth.faults["send"].append("lose")
    work_on(Kind.UPLOADS)
    later = timezone.now() + TOMORROW
    Upload.objects.exclude(status=Status.STORED).update(next_at=None, confirm_until=later)
    truth.photos.clear()
    work_on(Kind.UPLOADS)
    upload.refresh_from_db()
    assert upload.confirm_until is None or upload.confirm_until < later - timedelta(hours=12)


def test_album_that_was_asked_for_under_a_wrong_clock_is_made(alice: User, truth: Truth) -> None:
    upload = upload_of(link(alice), picture(text="apple"), new_album="Summer")
    UploadBatch.objects.update(album_asked_at=timezone.now() + TOMORROW)
    work_on(Kind.UPLOADS)
    asked_at = UploadBatch.objects.get().album_asked_at
    assert asked_at is not None and asked_at <= timezone.now()
    UploadBatch.objects.update(album_asked_at=timezone.now() - timedelta(hours=1))
    Upload.objects.update(next_at=timezone.now())
    work_on(Kind.UPLOADS)
    upload.refresh_from_db()
    assert upload.status == Status.STORED and list(truth.albums.values()) == ["Summer"]


def test_sync_and_change_do_not_wait_for_tomorrow(alice: User, truth: Truth) -> None:
    account, later = link(alice), timezone.now() + TOMORROW
    services.request_sync(account)
    Sync.objects.update(wanted_at=None, status=Sync.Status.IDLE, next_at=later)
    change = Change.objects.create(
        owner=alice, account=account, kind="edit", photo_remote_id="1", next_at=later
    )
    assert is_due(Kind.SYNCS, account.pk) and is_due(Kind.CHANGES, change.pk)


def test_sync_is_not_due_before_its_ordinary_time(alice: User, truth: Truth) -> None:
    account = link(alice)
    services.request_sync(account)
    soon = timezone.now() + timedelta(seconds=settings.SYNC_INTERVAL)
    Sync.objects.update(wanted_at=None, status=Sync.Status.IDLE, next_at=soon)
    assert not is_due(Kind.SYNCS, account.pk)
    Sync.objects.update(next_at=soon + timedelta(hours=1))  # a clock that was an hour ahead
    assert is_due(Kind.SYNCS, account.pk)


@pytest.mark.parametrize(("failures", "seconds"), [(0, 2), (1, 4), (4, 32), (30, 600), (10_000, 600)])
def test_waits_double_up_to_the_longest(failures: int, seconds: float) -> None:
    assert Backoff(first=2.0, longest=600.0).delay(failures).total_seconds() == seconds


@pytest.mark.parametrize(("named", "seconds"), [(30.0, 30), (0.0, 1), (10**9, LONGEST_WAIT.total_seconds())])
def test_service_that_names_a_time_is_heeded_within_bounds(named: float, seconds: float) -> None:
    error = RateLimited("slow down", provider="p", operation="o", retry_after=named)
    assert Backoff(first=2.0, longest=600.0).delay(0, error).total_seconds() == seconds
