"""A sync that fails, waits, is asked for meanwhile, or changes hands."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.jobs.lease import Lease
from gallery.library import services
from gallery.library.models import Photo, Sync
from providers.contract.errors import ProtocolError, RateLimited, ReconnectNeeded, Unavailable
from tests.support import jobs
from tests.support.library_builder import link, sync_with
from tests.support.plain_service import photo, plain

TROUBLE = {"provider": "plain", "operation": "albums"}


@pytest.fixture
def account(alice: User) -> LinkedAccount:
    return link(alice)


def seconds_until_next(account: LinkedAccount) -> float:
    assert account.sync.next_at is not None
    return (account.sync.next_at - timezone.now()).total_seconds()


@pytest.mark.parametrize(
    ("error", "state", "is_tried_again"),
    [
        (Unavailable("down", **TROUBLE), LinkedAccount.State.UNREACHABLE, True),
        (ProtocolError("odd", **TROUBLE), LinkedAccount.State.UNREACHABLE, True),
        (ReconnectNeeded("old key", code="-1", **TROUBLE), LinkedAccount.State.RECONNECT, False),
    ],
)
def test_trouble_is_kept_with_the_account_alone(
    error: Exception, state: str, is_tried_again: bool, account: LinkedAccount, bob: User
) -> None:
    other = link(bob)
    service = plain()
    service.fails_at["albums"] = error  # type: ignore[assignment]
    sync_with(account, service)
    sync_with(other, service)
    assert account.state == state
    assert (account.sync.next_at is not None) == is_tried_again
    assert other.state == LinkedAccount.State.OK
    assert other.photo_count == 3
    sync_with(account, service)
    assert account.state == LinkedAccount.State.OK
    assert account.sync.failure_count == 0


def test_album_that_cannot_be_read_keeps_no_other_from_being_listed(account: LinkedAccount) -> None:
    service = plain()
    service.held["c"] = [photo(2)]
    sync_with(account, service)
    service.held = {"a": [photo(1), photo(4), photo(6)], "b": [photo(3), photo(5)], "c": []}
    service.fails_at["photos a"] = ProtocolError("odd", **TROUBLE)
    sync_with(account, service)
    assert account.sync.status == Sync.Status.FAILED
    assert Photo.objects.filter(remote_id="p5").exists()
    assert Photo.objects.filter(remote_id="p2").exists(), "gone only when all albums were seen"
    sync_with(account, service)
    assert set(Photo.objects.values_list("remote_id", flat=True)) == {"p1", "p3", "p4", "p5", "p6"}


def test_back_off_grows_and_heeds_the_service(account: LinkedAccount) -> None:
    service, waits = plain(), []
    for _ in range(3):
        service.fails_at["albums"] = Unavailable("down", **TROUBLE)
        sync_with(account, service)
        waits.append(seconds_until_next(account))
    assert waits[0] < waits[1] < waits[2]
    service.fails_at["albums"] = RateLimited("slow down", retry_after=7200, **TROUBLE)
    sync_with(account, service)
    assert seconds_until_next(account) > 7100


def test_account_is_synced_by_one_worker_at_a_time(account: LinkedAccount) -> None:
    services.request_sync(account)
    first = jobs.claim_sync(account.pk)
    services.request_sync(account)
    assert first is not None
    assert jobs.claim_sync(account.pk) is None


def test_sync_of_a_dead_worker_is_taken_over(account: LinkedAccount) -> None:
    services.request_sync(account)
    assert jobs.claim_sync(account.pk)
    Sync.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.claim_sync(account.pk) is not None


def test_request_during_a_sync_is_not_lost(account: LinkedAccount) -> None:
    services.request_sync(account)
    running = jobs.claim_sync(account.pk)
    assert running is not None
    services.request_sync(account)
    running.follow(plain())
    assert jobs.claim_sync(account.pk) is not None


def test_only_accounts_whose_time_has_come_are_synced(account: LinkedAccount, bob: User) -> None:
    other = link(bob)
    for one in (account, other):
        sync_with(one, plain())
    Sync.objects.filter(pk=account.pk).update(next_at=timezone.now())
    assert jobs.claim_sync(account.pk) is not None
    assert jobs.claim_sync(other.pk) is None


def test_lease_is_taken_once(account: LinkedAccount) -> None:
    row = Sync.objects.create(account=account)
    rows = Sync.objects.filter(pk=row.pk)
    assert Lease(rows).take()
    assert not Lease(rows).take()
