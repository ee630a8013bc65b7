"""Counts and locks, remembered in this process while Redis cannot: limits hold for each process alone.

Only small things that slow somebody down: what is added (a lock, the beginning of a count), numbers,
and lists (the times of allauth's rate limits). What is cached to save work is not remembered.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

_MOST_KEYS = 10_000
_COUNTED_FOR = 600  # seconds, where a count began before Redis went away


class ProcessMemory:
    """The methods of Django's Redis client; all times out, and the oldest goes where there are too many."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._held: dict[str, tuple[Any, float]] = {}  # value, and when it ends

    def get(self, key: str, default: Any) -> Any:
        with self._lock:
            return self._held[key][0] if self.has_key(key) else default

    def get_many(self, keys: list[str]) -> dict[str, Any]:
        return {key: self.get(key, None) for key in keys if self.has_key(key)}

    def has_key(self, key: str) -> bool:
        with self._lock:
            if key in self._held and self._held[key][1] <= time.monotonic():
                del self._held[key]
            return key in self._held

    def add(self, key: str, value: Any, timeout: int | None) -> bool:
        with self._lock:
            return not self.has_key(key) and self._hold(key, value, timeout)

    def set(self, key: str, value: Any, timeout: int | None) -> None:
        if type(value) in (int, list):
            self._hold(key, value, timeout)
        else:
            self.delete(key)

    def set_many(self, data: Mapping[str, Any], timeout: int | None) -> None:
        for key, value in data.items():
            self.set(key, value, timeout)

    def touch(self, key: str, timeout: int | None) -> bool:
        with self._lock:
            return self.has_key(key) and self._hold(key, self._held[key][0], timeout)

    def incr(self, key: str, delta: int) -> int:
        """One that is missing began before: it counts from here, and never below nothing."""
        with self._lock:
            self.add(key, 0, _COUNTED_FOR)
            value, ends_at = self._held[key]
            self._held[key] = (max(value + delta, 0), ends_at)
            return int(self._held[key][0])

    def delete(self, key: str) -> bool:
        with self._lock:
            return self._held.pop(key, None) is not None

    def delete_many(self, keys: list[str]) -> None:
        for key in keys:
            self.delete(key)

    def clear(self) -> bool:
        with self._lock:
            self._held.clear()
            return True

    def remaining(self) -> Iterator[tuple[str, Any, int]]:
        """(key, value, seconds left) of all that has not ended."""
        with self._lock:
            held = list(self._held.items())
        for key, (value, ends_at) in held:
            if (seconds := int(ends_at - time.monotonic())) > 0:
                yield key, value, seconds

    def _hold(self, key: str, value: Any, timeout: int | None) -> bool:
        seconds = _COUNTED_FOR if timeout is None else timeout
        with self._lock:
            self._held.pop(key, None)
            while len(self._held) >= _MOST_KEYS:
                del self._held[next(iter(self._held))]
            self._held[key] = (value, time.monotonic() + seconds)
            return True
