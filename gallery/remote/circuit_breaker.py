"""Asks nothing for a while where asking was in vain: sixty pictures of a dead service must not hold
sixty threads. For one linked account and one use, in the cache, for all processes; forgotten, it is
learnt again.
"""

from django.core.cache import cache

from gallery.remote.deadline import NoReply
from gallery.remote.limits import Limits


class CircuitOpen(NoReply):
    """The service failed a few times in a row and is left alone."""


class CircuitBreaker:
    def __init__(self, limits: Limits, account_pk: int) -> None:
        self._limits = limits
        self._key = f"circuit:{limits.name}:{account_pk}"

    def deadline(self) -> float:
        """How many seconds to wait. Raises CircuitOpen."""
        failures = cache.get(self._key, 0)
        if failures >= self._limits.failures:
            raise CircuitOpen
        return self._limits.deadline_after_failure if failures else self._limits.deadline

    def note_failure(self) -> None:
        """One more; the one that opens the circuit begins its rest."""
        cache.add(self._key, 0, self._limits.rest_seconds)
        try:
            failures = cache.incr(self._key)
        except ValueError:  # it ran out between the two: the next failure counts
            return
        if failures == self._limits.failures:
            cache.touch(self._key, self._limits.rest_seconds)

    def note_reply(self) -> None:
        cache.delete(self._key)
