"""Syncs as background work: asked for, claimed, followed, finished. The Sync row is the truth."""

import logging
import time
from datetime import datetime, timedelta
from random import uniform

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from gallery.accounts import services as accounts
from gallery.accounts.models import LinkedAccount
from gallery.jobs import queue
from gallery.jobs.backoff import Backoff
from gallery.jobs.kinds import Kind
from gallery.jobs.lease import CLOCK_TOLERANCE, LONGEST_WAIT, Lease, LeaseLost, is_due, is_free
from gallery.jobs.work import Job, Work
from gallery.library.models import Sync
from gallery.library.sync.follow import follow
from providers.contract.base import PhotoService
from providers.contract.errors import ProviderError

log = logging.getLogger(__name__)
Status = Sync.Status
COMPLETE_EACH = timedelta(days=1)
LATEST = 1.1  # of the interval between two syncs
_CANDIDATES = 20
_BACKOFF = Backoff(first=30.0, longest=LONGEST_WAIT.total_seconds())


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


class SyncRun:
    """One sync on its way (follow.Run)."""

    def __init__(self, row: Sync, lease: Lease) -> None:
        self.account = row.account
        self.lease = lease
        self.failure_count = row.failure_count
        self.unlisted_count = row.unlisted_count
        # What one that broke off had listed: albums by their ids, and photos of the newest-first list.
        self.finished_albums: list[str] = list(row.cursor.get("albums", ()))
        self.listed_count: int = row.cursor.get("photos", 0)
        is_old = row.complete_at is None or row.complete_at < timezone.now() - COMPLETE_EACH
        self.is_complete = row.is_complete_wanted or is_old or self.listed_count > 0
        self._done = 0
        self._total: int | None = None
        self._reported_at = time.monotonic()

    def work(self) -> None:
        """Follow the service, and write down how it ended."""
        with self.lease:
            try:
                self.follow(accounts.open_service(self.account))
            except LeaseLost:
                log.warning("the sync of account %s goes on elsewhere", self.account.pk)
            except SoftTimeLimitExceeded:
                self.lease.release(wanted_at=timezone.now(), next_at=timezone.now(), cursor=self._cursor)
            except ProviderError as error:
                accounts.note_trouble(self.account, error)
                self.fail(error.code or type(error).__name__, error)
            except Exception:
                self.fail("internal")
                raise

    def follow(self, service: PhotoService) -> None:
        follow(self, service)
        self.check()
        accounts.note_ok(self.account)
        self._finish()

    def check(self) -> None:
        self.lease.check()

    def begin_counting(self, total: int | None) -> None:
        self._done, self._total = 0, total
        if total != 0 and self.is_complete:
            self._tell(total_count=total)

    def advance(self, count: int) -> None:
        """Progress for the person, at most each second."""
        self._done += count
        if time.monotonic() - self._reported_at > 1:
            self._tell(done_count=self._done, total_count=self._total, cursor=self._cursor)

    def finish_album(self, remote_id: str) -> None:
        self.finished_albums.append(remote_id)

    def finish_listed(self, count: int) -> None:
        self.listed_count = count

    @property
    def _cursor(self) -> dict[str, object]:
        left = {"albums": self.finished_albums, "photos": self.listed_count}
        return {name: value for name, value in left.items() if value}

    def _tell(self, **changes: object) -> None:
        self._reported_at = time.monotonic()
        Sync.objects.filter(pk=self.account.pk, lease_owner=self.lease.owner).update(**changes)

    def _finish(self) -> None:
        now = timezone.now()
        again = now + timedelta(seconds=settings.SYNC_INTERVAL * uniform(0.9, LATEST))  # noqa: S311
        changes: dict[str, object] = {"next_at": again, "status": Status.IDLE, "finished_at": now}
        if self.is_complete:
            changes |= {"complete_at": now, "is_complete_wanted": False}
            changes["unlisted_count"] = self.unlisted_count
        # Somebody may have asked again meanwhile.
        is_wanted_again = Sync.objects.filter(pk=self.account.pk, wanted_at__isnull=False).exists()
        if is_wanted_again:
            changes |= {"next_at": now, "status": Status.WAITING}
        self.lease.release(failure_count=0, error_code="", cursor={}, done_count=self._done, **changes)
        if is_wanted_again:
            queue.wake(Kind.SYNCS)

    def fail(self, code: str, error: ProviderError | None = None) -> None:
        """Later again, or, where only the person can help, when she has acted."""
        next_at = _BACKOFF.next_at(self.failure_count, error)
        self.lease.release(
            status=Status.FAILED,
            error_code=code[:60],
            failure_count=F("failure_count") + 1,
            next_at=None if self.account.needs_person else next_at,
            cursor=self._cursor,
        )


class SyncWork(Work):
    """Which sync is next: what somebody asked for, what is due again, what a dead worker left."""

    kind = Kind.SYNCS

    def due(self, now: datetime) -> QuerySet[Sync]:
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


def take(row: Sync) -> SyncRun | None:
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
