"""Waiting for a service for so long and no longer.

A thread of a web process is too dear to hang on somebody else's: the work goes on in a thread of its
own, which comes to its end by the limits of providers/client/http.py, and the asker leaves in time.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connections

T = TypeVar("T")


class TooSlow(Exception):
    """The time is over; the work may still come to its end."""


class _Work(threading.Thread, Generic[T]):
    def __init__(self, work: Callable[[], T]) -> None:
        super().__init__(daemon=True, name="patience")
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


def within(seconds: float, work: Callable[[], T]) -> T:
    """What `work` returns or raises, or TooSlow after `seconds`."""
    thread = _Work(work)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TooSlow
    if thread.error is not None:
        raise thread.error
    return thread.results[0]
