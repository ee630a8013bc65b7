"""In a worker's main process: ends pool processes that hang, and shows that the worker lives."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from celery import current_app
from django.conf import settings

from gallery.jobs import heartbeat, pulse

logger = logging.getLogger(__name__)


class WorkerWatch:
    """`pool_pids` tells the pool's processes of now.

    A worker whose main loop stands still, while the queue answers, shows no sign of life any more and is
    started again by whoever watches its file.
    """

    def __init__(self, pool_pids: Callable[[], Sequence[int]]) -> None:
        self._pool_pids = pool_pids
        self._first_seen: dict[int, float] = {}
        self._turned_at = self._had_pool_at = time.monotonic()
        self._row_written_at = 0.0
        self._trouble = ""

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True, name="worker-watch").start()

    def note_turn(self) -> None:
        """Called by the worker's main loop on each round."""
        self._turned_at = time.monotonic()

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except Exception:  # this thread must not end: without it the worker counts as dead
                logger.exception("looking after the pool failed")
            time.sleep(settings.WORKER_WATCH_SECONDS)

    def look(self) -> None:
        hung = self._end_hung_processes()
        if hung:
            self._trouble = f"{len(hung)} of its processes hung and were started again"
        now = time.monotonic()
        is_alive = self._has_pool(now) and self._is_turning(now)
        if is_alive:
            heartbeat.touch_ready_file()
        if is_alive and (hung or now - self._row_written_at > settings.HANG_SECONDS / 4):
            self._row_written_at = now
            heartbeat.write_heartbeat("worker", self._trouble)
            self._trouble = ""

    def _end_hung_processes(self) -> list[int]:
        now, pids = time.monotonic(), self._pool_pids()
        self._first_seen = {pid: self._first_seen.get(pid, now) for pid in pids}
        hung = [pid for pid in pids if now - self._last_sign(pid) > settings.HANG_SECONDS]
        for pid in hung:
            logger.error("process %s of the pool hangs for %s s: it is ended", pid, settings.HANG_SECONDS)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return hung

    def _last_sign(self, pid: int) -> float:
        return max(self._first_seen[pid], pulse.last_pulse(pid))

    def _has_pool(self, now: float) -> bool:
        if self._pool_pids():
            self._had_pool_at = now
        return bool(now - self._had_pool_at < settings.HANG_SECONDS / 3)

    def _is_turning(self, now: float) -> bool:
        is_turning = now - self._turned_at < settings.HANG_SECONDS / 3
        return bool(is_turning) or not _queue_answers()


def _queue_answers() -> bool:
    try:
        with current_app.connection_for_read() as connection:
            channel: Any = connection.default_channel
            return bool(channel.client.ping())
    except Exception:  # whatever it says, it is not the worker's fault
        return False
