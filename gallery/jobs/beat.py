"""Celery's beat for us: a schedule in memory, no heap of messages, clocks that may be put right.

Celery's own stops for a day when the clock is put back by a day, and fills the queue while no worker
listens.
"""

import logging
import time
from typing import Any

import celery.beat
from django.conf import settings
from django.core.cache import cache

from gallery.jobs import heartbeat, queue
from gallery.jobs.kinds import HOUSEKEEPING

logger = logging.getLogger(__name__)
_SIGN_EACH = 5.0  # seconds
_MOST_HOUSEKEEPING = 20
_CLOCK_JUMP = 30.0  # seconds


class Scheduler(celery.beat.Scheduler):
    _clock_offset: float | None = None
    _signed_at = 0.0
    # Ours sends by itself (apply_async). Celery's waits for the queue, however long it is away.
    producer: Any = None

    def tick(self, *args: Any, **kwargs: Any) -> float:
        self._notice_clock()
        self._give_sign()
        return float(super().tick(*args, **kwargs))

    def apply_async(self, entry: Any, producer: Any = None, advance: bool = True, **kwargs: Any) -> None:
        """Sent unless enough of it lies in its queue already; one that cannot be sent comes again soon."""
        entry = self.reserve(entry) if advance else entry
        name = entry.options.get("queue", HOUSEKEEPING)
        most = _MOST_HOUSEKEEPING if name == HOUSEKEEPING else queue.MOST_WAITING
        try:
            queue.enqueue(entry.task, name, most=most)
        except Exception as error:  # whatever the queue says
            logger.warning("the queue does not answer (%s); %s comes again", type(error).__name__, entry.name)

    def _notice_clock(self) -> None:
        before, self._clock_offset = self._clock_offset, time.time() - time.monotonic()
        jump = self._clock_offset - before if before is not None else 0.0
        if abs(jump) > _CLOCK_JUMP:
            for entry in self.schedule.values():
                entry.last_run_at = entry.default_now()
            self._heap = None  # planned by the old clock
        if jump < -_CLOCK_JUMP:
            cache.clear()  # what is to be forgotten in a minute would stay until the old clock's time

    def _give_sign(self) -> None:
        if time.monotonic() - self._signed_at > min(_SIGN_EACH, settings.WORKER_WATCH_SECONDS):
            self._signed_at = time.monotonic()
            heartbeat.touch_ready_file()
            heartbeat.write_heartbeat("beat")
