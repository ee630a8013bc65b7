"""Counters in the cache that last for a minute."""

from django.core.cache import cache

SECONDS = 60


def count_up(key: str) -> int:
    """Add one; returns the count of this minute."""
    cache.add(key, 0, SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired in this very moment
        cache.add(key, 1, SECONDS)
        return 1


def current_count(key: str) -> int:
    return int(cache.get(key, 0))
