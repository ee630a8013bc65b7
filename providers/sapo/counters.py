"""Counts of tries, stored in the cache for a while (decision 59)."""

from django.core.cache import cache


def count_up(key: str, seconds: int) -> int:
    """One more; how many there are within `seconds` of the first."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 1


def count_of(key: str) -> int:
    return int(cache.get(key, 0))
