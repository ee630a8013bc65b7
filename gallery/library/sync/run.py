"""The life of a sync: asked for, claimed, followed, finished. The Sync row is the truth."""

import logging
import time
from datetime import timedelta
from random import uniform

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from gallery.accounts import services as accounts
from gallery.accounts.models import LinkedAccount
from gallery.library import bell
from gallery.library.leases import Lease, LeaseLost, free
from gallery.library.models import Sync
from gallery.library.sync.follow import follow
from providers.contract.base import PhotoService
from providers.contract.errors import ProviderError, RateLimited

log = logging.getLogger(__name__)
Status = Sync.Status
_COMPLETE_EACH = timedelta(days=1)
_RING_AGAIN = timedelta(minutes=2)
_FIRST_WAIT, _LONGEST_WAIT = 30.0, 6 * 3600.0  # seconds, after a failure


def request_sync(account: LinkedAccount, *, is_complete: bool = False) -> None:
    """Ask for a sync soon; `is_complete`: one that looks at everything."""
    now = timezone.now()
    with transaction.atomic():
        Sync.objects.get_or_create(account=account)
        rows = Sync.objects.filter(pk=account.pk)
        rows.update(wanted_at=Coalesce(F("wanted_at"), now), next_at=now + _RING_AGAIN)
        rows.exclude(status=Status.RUNNING).update(status=Status.WAITING)
        if is_complete:
            rows.update(is_complete_wanted=True)
        transaction.on_commit(lambda: bell.ring_sync(account.pk))


def sweep_syncs() -> None:
    """Ring for every account whose time has come, and for what a dead worker left."""
    now = timezone.now()
    rows = Sync.objects.filter(free(now)).exclude(account__state=LinkedAccount.State.LEAVING)
    due = rows.filter(Q(next_at__lte=now) | Q(status=Status.RUNNING))
    for account_id in list(due.values_list("pk", flat=True)[:1000]):
        mine = Sync.objects.filter(free(now), pk=account_id)
        mine.update(wanted_at=Coalesce(F("wanted_at"), now), next_at=now + _RING_AGAIN)
        mine.exclude(status=Status.RUNNING).update(status=Status.WAITING)
        bell.ring_sync(account_id)
    long_since = now - timedelta(minutes=5)
    leaving = LinkedAccount.objects.filter(state=LinkedAccount.State.LEAVING, state_since__lt=long_since)
    for account_id in leaving.values_list("pk", flat=True):
        bell.ring_removal(account_id)


def sync_account(account_id: int) -> None:
    """Do the sync of an account if one is wanted and nobody else is at it."""
    claimed = claim(account_id)
    if claimed is None:
        return
    with claimed.lease:
        try:
            claimed.follow(accounts.open_service(claimed.account))
        except LeaseLost:
            log.warning("sync of account %s goes on elsewhere", account_id)
        except SoftTimeLimitExceeded:
            claimed.lease.release(wanted_at=timezone.now(), next_at=timezone.now())
        except ProviderError as error:
            accounts.note_trouble(claimed.account, error)
            claimed.fail(error.code or type(error).__name__, _wait_after(claimed.account, error))
        except Exception:
            claimed.fail("internal")
            raise


def claim(account_id: int) -> "SyncRun | None":
    """The sync, ours alone until its lease ends; None when none is wanted or another worker has it."""
    rows = Sync.objects.select_related("account").filter(free(timezone.now()), pk=account_id)
    rows = rows.exclude(account__state=LinkedAccount.State.LEAVING)
    row = rows.filter(Q(wanted_at__isnull=False) | Q(status=Status.RUNNING)).first()
    if row is None:
        return None
    lease = Lease(account_id)
    if not _goes_on(row):
        row.cursor, row.started_at = {}, timezone.now()
    is_ours = lease.take(
        row,
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
    is_recent = row.started_at is not None and row.started_at > timezone.now() - _COMPLETE_EACH
    return bool(row.cursor) and is_recent


class SyncRun:
    """One sync on its way (following.Run)."""

    def __init__(self, row: Sync, lease: Lease) -> None:
        self.account = row.account
        self.lease = lease
        self.failure_count = row.failure_count
        self.unlisted_count = row.unlisted_count
        # What one that broke off had listed: albums by their ids, and photos of the newest-first list.
        self.finished_albums: list[str] = list(row.cursor.get("albums", ()))
        self.listed_count: int = row.cursor.get("photos", 0)
        is_old = row.complete_at is None or row.complete_at < timezone.now() - _COMPLETE_EACH
        self.is_complete = row.is_complete_wanted or is_old or self.listed_count > 0
        self._done = 0
        self._total: int | None = None
        self._told_at = time.monotonic()

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
        if time.monotonic() - self._told_at > 1:
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
        self._told_at = time.monotonic()
        Sync.objects.filter(pk=self.account.pk, lease_owner=self.lease.owner).update(**changes)

    def _finish(self) -> None:
        now = timezone.now()
        again = now + timedelta(seconds=settings.SYNC_INTERVAL * uniform(0.9, 1.1))  # noqa: S311
        changes: dict[str, object] = {"next_at": again, "status": Status.IDLE, "finished_at": now}
        if self.is_complete:
            changes |= {"complete_at": now, "is_complete_wanted": False}
            changes["unlisted_count"] = self.unlisted_count
        # Somebody may have asked again meanwhile: their wish stays, and the sweep sees it at once.
        asked = Sync.objects.filter(pk=self.account.pk, wanted_at__isnull=False).exists()
        if asked:
            changes |= {"next_at": now, "status": Status.WAITING}
        self.lease.release(failure_count=0, error_code="", cursor={}, done_count=self._done, **changes)
        if asked:
            bell.ring_sync(self.account.pk)

    def fail(self, code: str, wait: float | None = 0) -> None:
        """`wait`: seconds that the service named, 0 for our own back-off, None until the person acts."""
        wait = wait if wait is None else max(wait, min(_FIRST_WAIT * 2**self.failure_count, _LONGEST_WAIT))
        self.lease.release(
            status=Status.FAILED,
            error_code=code[:60],
            failure_count=F("failure_count") + 1,
            next_at=None if wait is None else timezone.now() + timedelta(seconds=wait),
            cursor=self._cursor,
        )


def _wait_after(account: LinkedAccount, error: ProviderError) -> float | None:
    if account.needs_person:
        return None
    return error.retry_after if isinstance(error, RateLimited) else 0
