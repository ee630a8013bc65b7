"""For how long a running program has shown no sign of life."""

import time
from collections.abc import Callable

_LOOK_EVERY = 1.0  # seconds


class Heartbeat:
    """`latest_sign` returns when the program last showed that it lives, None when it does not show it.

    It is compared with its last value only, never with a clock, which may be put right at any moment.
    Of our own time only that counts in which we looked: a machine that slept, or a supervisor that was
    stopped for an hour, must not take that hour for silence.
    """

    def __init__(self, latest_sign: Callable[[], float | None], timeout: float) -> None:
        self._latest_sign = latest_sign
        self._timeout = timeout
        self._look_every = min(_LOOK_EVERY, timeout / 4)
        self._checked_at = 0.0
        self._silent_for = 0.0
        self._last_sign: float | None = None

    def begin(self, start_timeout: float) -> None:
        """The program has just been started; its first sign may take `start_timeout` seconds."""
        self._checked_at = time.monotonic()
        self._last_sign = self._latest_sign()
        self._silent_for = self._timeout - start_timeout

    def has_stopped(self) -> bool:
        """Whether there was no sign for the whole timeout. To be called again and again."""
        passed = time.monotonic() - self._checked_at
        if passed < self._look_every:
            return False
        self._checked_at += passed
        sign = self._latest_sign()
        if sign is not None and sign != self._last_sign:
            self._last_sign = sign
            self._silent_for = 0
        else:
            self._silent_for += min(passed, 2 * self._look_every)
        return self._silent_for > self._timeout
