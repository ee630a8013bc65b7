"""The lease on a sync: renewed while its worker lives, lost when it does not."""

from datetime import datetime
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import override_settings

from gallery.accounts.models import LinkedAccount
from gallery.jobs.lease import LeaseLost
from gallery.library import services
from gallery.library.models import Album, Photo, Sync
from tests.support import jobs
from tests.support.library_builder import link
from tests.support.plain_service import PlainService, photo
from tests.support.running_site import wait_for

pytestmark = pytest.mark.django_db(transaction=True)  # it is renewed by a thread of its own


def lease_until(account: LinkedAccount) -> datetime:
    until = Sync.objects.get(pk=account.pk).lease_until
    assert until is not None
    return until


@override_settings(LEASE_RENEW_SECONDS=0.05)
def test_lease_is_renewed_while_a_service_is_slow(alice: User) -> None:
    account = link(alice)
    services.request_sync(account)
    claimed = jobs.claim_sync(account.pk)
    assert claimed is not None
    with claimed.lease:
        for _ in range(2):
            before = lease_until(account)
            assert wait_for(lambda before=before: lease_until(account) > before, 60)  # type: ignore[misc]
        claimed.check()
        services.request_sync(account)
        assert jobs.claim_sync(account.pk) is None


@override_settings(LEASE_RENEW_SECONDS=0.05)
def test_lease_outlives_a_database_that_was_busy_for_once(alice: User) -> None:
    account = link(alice)
    services.request_sync(account)
    claimed = jobs.claim_sync(account.pk)
    assert claimed is not None
    renew, tries = claimed.lease.renew, []

    def busy_at_first() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("database is locked")
        renew()

    with mock.patch.object(claimed.lease, "renew", busy_at_first), claimed.lease:
        before = lease_until(account)
        assert wait_for(lambda: lease_until(account) > before, 60)
        claimed.check()
    assert len(tries) > 1


def test_worker_that_was_stopped_for_too_long_writes_nothing_more(alice: User) -> None:
    account = link(alice)
    services.request_sync(account)
    with override_settings(LEASE_SECONDS=0):  # it stood still, and nothing renewed its lease
        stopped = jobs.claim_sync(account.pk)
    assert stopped is not None
    other = jobs.claim_sync(account.pk)
    assert other is not None
    service = PlainService(held={"a": [photo(1)]})
    with pytest.raises(LeaseLost):
        stopped.follow(service)
    assert not Album.objects.exists()
    assert not Photo.objects.exists()
    with other.lease:
        other.follow(service)
    assert Photo.objects.count() == 1
    assert Sync.objects.get(pk=account.pk).status == Sync.Status.IDLE
