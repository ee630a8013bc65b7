"""Waiting for so long and no longer.

A thread of a web process is too dear to hang on somebody else's service: the work goes on in a thread
of its own, which ends by the limits of providers/client/http.py, and the asker leaves in time.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connections

T = TypeVar("T")


class NoReply(Exception):
    """The service was not asked, or has not answered in time."""


class DeadlineExceeded(NoReply):
    """The time is over; the work may still come to its end."""


class _Work(threading.Thread, Generic[T]):
    def __init__(self, work: Callable[[], T]) -> None:
        super().__init__(daemon=True, name="remote")
        self._work = work
        self.results: list[T] = []
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.results.append(self._work())
        except Exception as error:  # handed to the asker, if it still waits
            self.error = error
        finally:
            connections.close_all()


def run_with_deadline(seconds: float, work: Callable[[], T]) -> T:
    """What `work` returns or raises, or DeadlineExceeded after `seconds`."""
    thread = _Work(work)
    thread.start()
    thread.join(max(seconds, 0))
    if thread.is_alive():
        raise DeadlineExceeded
    if thread.error is not None:
        raise thread.error
    return thread.results[0]
