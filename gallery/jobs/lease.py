"""The right to work on one row, for a while: any row with `lease_owner` and `lease_until`.

A worker that lost its lease stops at once: another one has taken over, or will.
"""

import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q, QuerySet
from django.utils import timezone

RELEASED: dict[str, Any] = {"lease_owner": "", "lease_until": None}
# What the clocks of two machines may differ by.
CLOCK_TOLERANCE = timedelta(seconds=60)
# The longest that anything waits, also where a service names a time. What lies further ahead was dated
# by a clock that was wrong.
LONGEST_WAIT = timedelta(hours=6)


class LeaseLost(Exception):
    """Another worker holds the row, or may."""


def _term() -> timedelta:
    return timedelta(seconds=settings.LEASE_SECONDS)


def is_held(now: datetime) -> Q:
    """Rows that a living worker holds.

    A lease further ahead than any can have been taken was dated by a clock that was wrong.
    """
    return Q(lease_until__gte=now, lease_until__lte=now + _term() + CLOCK_TOLERANCE)


def is_free(now: datetime) -> Q:
    """Rows that no living worker holds."""
    return Q(lease_until=None) | is_expired(now)


def is_expired(now: datetime) -> Q:
    """Rows whose worker died, or was dated by a clock that was wrong."""
    return Q(lease_until__lt=now) | Q(lease_until__gt=now + _term() + CLOCK_TOLERANCE)


def is_due(now: datetime) -> Q:
    """Rows whose time has come; a row without one waits for somebody."""
    return Q(next_at__lte=now) | Q(next_at__gt=now + LONGEST_WAIT + CLOCK_TOLERANCE)


def is_dated_before(name: str, moment: datetime) -> Q:
    """Rows whose date `name` lies before `moment`, or was written by a clock that was ahead.

    None where that clock has said `moment` itself: then newer rows look older.
    """
    latest = timezone.now() + CLOCK_TOLERANCE
    earlier = Q(**{f"{name}__lt": moment}) | Q(**{f"{name}__gt": latest})
    return earlier if moment <= latest else Q(pk__in=())


class Lease:
    """A lease on the one row that `row` finds. As a context manager it is renewed by a thread meanwhile.

    `row` may ask for more than the key: when it no longer finds the row, the lease is lost. `progress`
    names columns that are written along with each renewal.
    """

    def __init__(
        self, row: "QuerySet[Any]", progress: Callable[[], Mapping[str, object]] = dict[str, object]
    ) -> None:
        self.owner = f"{os.getpid()}-{secrets.token_hex(12)}"
        self._row = row
        self._progress = progress
        self._held_until = 0.0  # on this machine's monotonic clock
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._renew_until_released, daemon=True, name="lease")

    @property
    def terms(self) -> dict[str, Any]:
        """What the UPDATE that takes the lease writes."""
        self._held_until = time.monotonic() + settings.LEASE_SECONDS
        return {"lease_owner": self.owner, "lease_until": timezone.now() + _term()}

    def take(self, **changes: object) -> bool:
        """Whether the row was still free: one UPDATE decides between two workers."""
        free = self._row.filter(is_free(timezone.now()))
        return bool(free.update(**self.terms, **changes))

    def renew(self) -> None:
        """One UPDATE. Raises LeaseLost."""
        asked_at = time.monotonic()
        until = timezone.now() + _term()
        if not self._mine().update(lease_until=until, **self._progress()):
            self._held_until = 0
            raise LeaseLost
        self._held_until = asked_at + settings.LEASE_SECONDS

    def check(self) -> None:
        """Raises LeaseLost once the lease may have ended: after a pause of the machine, say."""
        if time.monotonic() > self._held_until:
            raise LeaseLost

    def release(self, **changes: object) -> bool:
        """Give the row back, changed. False where another worker has it."""
        return bool(self._mine().update(**RELEASED, **changes))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _mine(self) -> "QuerySet[Any]":
        return self._row.filter(lease_owner=self.owner)

    def _renew_until_released(self) -> None:
        try:
            while not self._is_over.wait(settings.LEASE_RENEW_SECONDS):
                try:
                    self.renew()
                except LeaseLost:
                    return
                except DatabaseError:
                    continue  # busy for once: without an answer the lease ends by itself
        finally:
            connection.close()  # this thread's own
