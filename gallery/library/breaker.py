"""Does not ask again for a while where asking was in vain: sixty pictures of a dead service must not
hold sixty threads. Kept in the cache, for all processes; forgotten, it is learnt again.
"""

from django.core.cache import cache

_FAILURES = 3  # in a row
_REST_SECONDS = 30
_FIRST_PATIENCE, _SECOND_PATIENCE = 8.0, 2.0  # seconds


def patience_with(account_id: int) -> float:
    """How many seconds to wait for a picture of this account; 0 while it rests."""
    failures = cache.get(_key(account_id), 0)
    if failures >= _FAILURES:
        return 0
    return _SECOND_PATIENCE if failures else _FIRST_PATIENCE


def note_failure(account_id: int) -> None:
    cache.add(_key(account_id), 0, _REST_SECONDS)
    try:
        cache.incr(_key(account_id))
    except ValueError:  # it ended between the two: the next failure counts
        return


def note_answer(account_id: int) -> None:
    cache.delete(_key(account_id))


def _key(account_id: int) -> str:
    return f"pictures:failures:{account_id}"
