"""What an app says about its kind of work, and how a worker goes through it."""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django.db import connection
from django.db.models import F, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from gallery.jobs import queue
from gallery.jobs.kinds import Kind
from gallery.jobs.lease import CLOCK_TOLERANCE, Lease

logger = logging.getLogger(__name__)

Job = Callable[[], None]
_SLICE = 2.0  # seconds; then a worker lets other kinds have a turn
_CANDIDATES = 20


class Work(ABC):
    """One kind of background work: rows with `lease_owner`, `lease_until` and `next_at`."""

    kind: ClassVar[Kind]

    @abstractmethod
    def due(self, now: datetime) -> "QuerySet[Any]":
        """The rows that have something to be done now, in any order."""

    @abstractmethod
    def claim(self) -> Job | None:
        """Take the next row and say what is to be done with it; None when no row can be taken."""

    def recover(self) -> None:  # noqa: B027  (most kinds need nothing of it)
        """Put right what dead workers left, where the next worker could not go on with it as it is."""


class RowWork(Work):
    """Work on rows that need nothing but a lease, the longest due first."""

    @abstractmethod
    def run(self, row: Any, lease: Lease) -> None:
        """Work on a row that is ours as long as the lease holds. What it raises is logged."""

    def claim(self) -> Job | None:
        due = self.due(timezone.now())
        for row in due.order_by("next_at", "pk")[:_CANDIDATES]:
            lease = Lease(type(row)._default_manager.filter(pk=row.pk))
            # Still due, and not merely free: another worker may have taken it and put it off meanwhile.
            if due.filter(pk=row.pk).update(**lease.terms):
                row.refresh_from_db()
                return partial(self._run_leased, row, lease)
        return None

    def _run_leased(self, row: Any, lease: Lease) -> None:
        with lease:
            self.run(row, lease)


def accounts_in_turn(due: "QuerySet[Any]") -> Iterator[int]:
    """The accounts that have something due: who was served longest ago comes first.

    The rows have `account` and `claimed_at`, when a worker last took them.
    """
    latest = timezone.now() + CLOCK_TOLERANCE  # what is dated later was served by a clock that was wrong
    rows = due.model._default_manager.filter(account=OuterRef("account"), claimed_at__lte=latest)
    last = Subquery(rows.order_by("-claimed_at").values("claimed_at")[:1])
    accounts = due.order_by().values("account").annotate(waiting_since=Min("next_at"), served_at=last)
    ordered = accounts.order_by(F("served_at").asc(nulls_first=True), "waiting_since")
    yield from ordered.values_list("account", flat=True)[:_CANDIDATES]


_WORK: dict[Kind, Work] = {}


def register(work: Work) -> None:
    """Called by each app when it is ready."""
    _WORK[work.kind] = work


def all_work() -> Mapping[Kind, Work]:
    return _WORK


def work_on(kind: Kind) -> int:
    """Claim what is due, one row after the other, until there is nothing more; returns how many.

    After a while the worker sends itself a message and ends, so that every kind has its turn. Whoever
    finds more than it can do itself wakes another worker.
    """
    work, ends_at, count = all_work()[kind], time.monotonic() + _SLICE, 0
    while (job := work.claim()) is not None:
        if work.due(timezone.now()).exists():
            queue.wake(kind)
        count += 1
        job()
        if time.monotonic() > ends_at:
            queue.wake(kind)
            break
    return count


def sweep() -> None:
    """Free what dead workers held and wake workers to all that is due. The queue may lose what it likes."""
    for kind, work in all_work().items():
        try:
            work.recover()
            if work.due(timezone.now()).exists():
                queue.wake(kind)
        except Exception:  # one kind's trouble keeps no other from being woken
            logger.exception("the sweep of %s failed", kind)
            connection.close_if_unusable_or_obsolete()
