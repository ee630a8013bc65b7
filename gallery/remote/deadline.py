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


class Call(threading.Thread, Generic[T]):
    """Work that has begun. However many wait for it, each for so long as it will."""

    def __init__(self, work: Callable[[], T]) -> None:
        super().__init__(daemon=True, name="remote")
        self._work = work
        self._results: list[T] = []
        self._error: Exception | None = None

    def run(self) -> None:
        try:
            self._results.append(self._work())
        except Exception as error:  # handed to whoever still waits
            self._error = error
        finally:
            connections.close_all()

    def wait(self, seconds: float) -> T:
        """What the work returns or raises, or DeadlineExceeded after `seconds`."""
        self.join(max(seconds, 0))
        if self.is_alive():
            raise DeadlineExceeded
        if self._error is not None:
            raise self._error
        return self._results[0]
