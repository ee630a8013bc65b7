"""Work that many ask for at once and that is done once, across threads, processes and machines.

The lock lies in Django's cache (Redis), with an expiry: an asker that died holds up nobody for longer.
"""

import time
import uuid
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

T = TypeVar("T")
_POLL_SECONDS = 0.03


def once(
    key: str, find: Callable[[], T | None], make: Callable[[], T], *, lease: float = 30, wait: float = 20
) -> T | None:
    """What `find` finds, made by `make` if need be, by one asker only.

    Returns None when another asker is still at it after `wait` seconds. An error of `make` goes to
    the asker that ran it; the next one tries again.
    """
    found = find()
    deadline = time.monotonic() + wait
    while found is None:
        token = uuid.uuid4().hex
        if cache.add(f"once:{key}", token, lease):
            try:
                found = find()  # it may have been finished between our look and our lock
                return make() if found is None else found
            finally:
                if cache.get(f"once:{key}") == token:
                    cache.delete(f"once:{key}")
        if time.monotonic() > deadline:
            return None
        time.sleep(_POLL_SECONDS)
        found = find()
    return found
