"""The library's background work: syncs, and taking down accounts that are being unlinked."""

from datetime import datetime

from django.db.models import Q, QuerySet

from gallery.accounts.models import LinkedAccount
from gallery.jobs.backoff import Backoff
from gallery.jobs.kinds import Kind
from gallery.jobs.lease import Lease, is_due, is_free
from gallery.jobs.work import RowWork, register
from gallery.library.services import remove_account
from gallery.library.sync.run import SyncWork

_BACKOFF = Backoff(first=60.0, longest=60.0)


class RemovalWork(RowWork):
    """Accounts that their owner has unlinked. An account that is gone takes its row along."""

    kind = Kind.REMOVALS

    def due(self, now: datetime) -> "QuerySet[LinkedAccount]":
        leaving = LinkedAccount.objects.filter(state=LinkedAccount.State.LEAVING)
        return leaving.filter(is_free(now), Q(next_at=None) | is_due(now))

    def run(self, row: LinkedAccount, lease: Lease) -> None:
        # Where something breaks, it is begun again after a while and not at once.
        LinkedAccount.objects.filter(pk=row.pk).update(next_at=_BACKOFF.next_at(0))
        remove_account(row)


def register_work() -> None:
    register(SyncWork())
    register(RemovalWork())
