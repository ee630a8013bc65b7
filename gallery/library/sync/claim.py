"""Which sync is next: what somebody asked for, what is due again, what a dead worker left."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.jobs import queue
from gallery.jobs.backoff import is_due
from gallery.jobs.kinds import Kind
from gallery.jobs.lease import CLOCK_TOLERANCE, Lease, is_free
from gallery.jobs.work import Job, Work
from gallery.library.models import Sync
from gallery.library.sync.run import COMPLETE_EACH, LATEST, SyncRun

Status = Sync.Status
_CANDIDATES = 20


def request_sync(account: LinkedAccount, *, is_complete: bool = False) -> None:
    """Ask for a sync soon; `is_complete`: one that looks at everything."""
    now = timezone.now()
    with transaction.atomic():
        Sync.objects.get_or_create(account=account)
        rows = Sync.objects.filter(pk=account.pk)
        rows.update(wanted_at=Coalesce(F("wanted_at"), now), next_at=now)
        rows.exclude(status=Status.RUNNING).update(status=Status.WAITING)
        if is_complete:
            rows.update(is_complete_wanted=True)
        queue.wake_after_commit(Kind.SYNCS)


class SyncWork(Work):
    """Syncs as background work: what somebody asked for, what is due again, what a dead worker left."""

    kind = Kind.SYNCS

    def due(self, now: datetime) -> "QuerySet[Sync]":
        rows = Sync.objects.filter(is_free(now)).exclude(account__state=LinkedAccount.State.LEAVING)
        return rows.filter(Q(wanted_at__isnull=False) | _is_due(now) | Q(status=Status.RUNNING))

    def claim(self) -> Job | None:
        longest_due = self.due(timezone.now()).order_by(F("next_at").asc(nulls_first=True), "pk")
        for row in longest_due.select_related("account")[:_CANDIDATES]:
            if (run := take(row)) is not None:
                return run.work
        return None


def _is_due(now: datetime) -> Q:
    """The ordinary interval is shorter than the longest wait: what lies further ahead is a wrong clock's."""
    usual = now + timedelta(seconds=settings.SYNC_INTERVAL * LATEST) + CLOCK_TOLERANCE
    return is_due(now) | Q(failure_count=0, next_at__gt=usual)


def take(row: Sync) -> "SyncRun | None":
    """The sync, ours alone until its lease ends; None when another worker has it."""
    lease = Lease(Sync.objects.filter(pk=row.pk))
    if not _goes_on(row):
        row.cursor, row.started_at = {}, timezone.now()
    is_ours = lease.take(
        status=Status.RUNNING,
        wanted_at=None,
        next_at=None,
        started_at=row.started_at,
        done_count=0,
        total_count=None,
    )
    return SyncRun(row, lease) if is_ours else None


def _goes_on(row: Sync) -> bool:
    """Whether one that broke off left something, not so long ago that it may have changed since."""
    is_recent = row.started_at is not None and row.started_at > timezone.now() - COMPLETE_EACH
    return bool(row.cursor) and is_recent
