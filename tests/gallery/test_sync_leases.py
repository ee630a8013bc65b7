"""The lease on a sync: renewed while its worker lives, lost when it does not."""

import time
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import override_settings
from django.utils import timezone

from gallery.jobs.lease import LeaseLost
from gallery.library import services
from gallery.library.models import Album, Photo, Sync
from tests.support import jobs
from tests.support.library_builder import link
from tests.support.plain_service import PlainService, photo

pytestmark = pytest.mark.django_db(transaction=True)  # it is renewed by a thread of its own


@override_settings(LEASE_SECONDS=0.6, LEASE_RENEW_SECONDS=0.2)
def test_lease_is_renewed_while_a_service_is_slow(alice: User) -> None:
    account = link(alice)
    services.request_sync(account)
    claimed = jobs.claim_sync(account.pk)
    assert claimed is not None
    with claimed.lease:
        time.sleep(1.2)
        claimed.check()
        row = Sync.objects.get(pk=account.pk)
        assert row.lease_until is not None
        assert row.lease_until > timezone.now()
        services.request_sync(account)
        assert jobs.claim_sync(account.pk) is None


@override_settings(LEASE_SECONDS=0.6, LEASE_RENEW_SECONDS=0.2)
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
        time.sleep(1.2)
        claimed.check()


@override_settings(LEASE_SECONDS=0.3)
def test_worker_that_was_stopped_for_too_long_writes_nothing_more(alice: User) -> None:
    account = link(alice)
    services.request_sync(account)
    stopped = jobs.claim_sync(account.pk)
    assert stopped is not None
    time.sleep(0.4)  # it stood still, and nothing renewed its lease
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
