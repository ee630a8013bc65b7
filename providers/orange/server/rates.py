"""How often something happened, counted in the cache a minute at a time."""

from django.core.cache import cache

SECONDS = 60


def count(key: str) -> int:
    """One more; how many that makes in this minute."""
    cache.add(key, 0, SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired in this very moment
        cache.add(key, 1, SECONDS)
        return 1


def counted(key: str) -> int:
    return int(cache.get(key, 0))
