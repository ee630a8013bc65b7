"""One worker at a time on an account: a lease on the Sync row, taken and kept by single UPDATEs."""

import threading
import time
import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import Q, QuerySet
from django.utils import timezone

from gallery.library.models import Sync


class LeaseLost(Exception):
    """Another worker may be at it: stop without writing anything more."""


def free(now: datetime) -> Q:
    """Rows that no living worker holds."""
    return Q(lease_until=None) | Q(lease_until__lt=now)


class Lease:
    """Held while in its `with` block; a thread renews it, so that a slow service does not end it."""

    def __init__(self, account_id: int) -> None:
        self.account_id = account_id
        self.owner = uuid.uuid4().hex
        self._held_until = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True, name=f"lease-{account_id}")

    def take(self, sync: Sync, **changes: object) -> bool:
        """Whether it was still free: one UPDATE decides between two workers."""
        rows = Sync.objects.filter(pk=sync.pk, lease_owner=sync.lease_owner, lease_until=sync.lease_until)
        return bool(self._extend(rows.filter(free(timezone.now())), lease_owner=self.owner, **changes))

    def check(self) -> None:
        """Raises LeaseLost; asked before each write."""
        if time.monotonic() > self._held_until:
            raise LeaseLost

    def release(self, **changes: object) -> None:
        Sync.objects.filter(pk=self.account_id, lease_owner=self.owner).update(
            lease_owner="", lease_until=None, **changes
        )

    def __enter__(self) -> "Lease":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _extend(self, rows: "QuerySet[Sync]", **changes: object) -> int:
        asked_at = time.monotonic()
        until = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
        count = rows.update(lease_until=until, **changes)
        if count:
            self._held_until = asked_at + settings.LEASE_SECONDS
        return count

    def _renew(self) -> None:
        try:
            while not self._stop.wait(settings.LEASE_SECONDS / 3):
                with suppress(DatabaseError):  # busy for once: the lease lasts three of these
                    if not self._extend(Sync.objects.filter(pk=self.account_id, lease_owner=self.owner)):
                        return
        finally:
            connections.close_all()
