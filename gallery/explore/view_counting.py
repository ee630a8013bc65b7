"""Telling a service that a photo was looked at: in the background, once in some hours, and never again to
a service that does not let this account count.
"""

import logging
from datetime import datetime
from functools import partial

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone

from gallery.accounts.abilities import is_able
from gallery.accounts.models import LinkedAccount
from gallery.accounts.services import open_service
from gallery.explore.models import PhotoView
from gallery.jobs.kinds import Kind
from gallery.jobs.lease import Lease, is_due, is_free
from gallery.jobs.queue import wake_after_commit
from gallery.jobs.work import RowWork
from gallery.optional_write import optional_write
from providers.contract.base import ViewCounting
from providers.contract.errors import ProviderError, Refused

log = logging.getLogger(__name__)
_ONCE_IN = 6 * 3600  # seconds, for one photo seen by one person


def note_opened(account: LinkedAccount, remote_id: str) -> None:
    """A person opened a photo of the account's service: write it down, if it is to be counted."""
    if account.state != LinkedAccount.State.OK or not is_able(account, ViewCounting):
        return
    if cache.get(_refused(account.pk)) or not cache.add(f"viewed:{account.pk}:{remote_id}", 1, _ONCE_IN):
        return
    optional_write(partial(_note, account, remote_id))


def _note(account: LinkedAccount, remote_id: str) -> None:
    PhotoView.objects.create(account=account, remote_id=remote_id, next_at=timezone.now())
    wake_after_commit(Kind.VIEWS)


class ViewWork(RowWork):
    """Nothing but a number depends on it, so nothing is tried twice."""

    kind = Kind.VIEWS

    def due(self, now: datetime) -> "QuerySet[PhotoView]":
        return PhotoView.objects.filter(is_free(now), is_due(now))

    def run(self, row: PhotoView, lease: Lease) -> None:
        try:
            if row.account.state == LinkedAccount.State.OK and not cache.get(_refused(row.account_id)):
                count_view(row.account, row.remote_id)
        finally:
            row.delete()


def count_view(account: LinkedAccount, remote_id: str) -> None:
    try:
        service = open_service(account)
        assert isinstance(service, ViewCounting)
        service.count_view(remote_id)
    except Refused:
        cache.set(_refused(account.pk), 1, _ONCE_IN)  # some let only their administrators count
    except ProviderError as error:
        log.info("a view was not counted: %s", error)


def _refused(account_id: int) -> str:
    return f"views:refused:{account_id}"
