"""Django's cache in Redis, which the site outlives: where Redis is away nothing is kept.

All that lies in the cache can be worked out again, or slows somebody down; no page may fail for want
of it. What has to be true whatever happens lies in the database (decision 48).
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

logger = logging.getLogger(__name__)
_REST_SECONDS = 1.0  # after a failure nothing is asked, so that no page waits for each thing it looks for


def _patiently(name: str, otherwise: Callable[..., Any]) -> Any:
    """The method of that name, or what `otherwise` makes of its arguments while Redis does not answer."""

    def method(self: "PatientClient", *given: Any) -> Any:
        if time.monotonic() >= self.rests_until:
            try:
                return getattr(super(PatientClient, self), name)(*given)
            except (RedisConnectionError, RedisTimeoutError) as error:
                self.rests_until = time.monotonic() + _REST_SECONDS
                logger.warning("The cache is away: %s", type(error).__name__)
        return otherwise(*given)

    return method


class PatientClient(RedisCacheClient):
    """Answers as an empty cache would while Redis does not. Whoever adds a key is the first."""

    def __init__(self, servers: list[str], **options: Any) -> None:  # as Django passes them on
        super().__init__(servers, **options)
        self._clients: dict[bool, Redis] = {}
        self.rests_until = 0.0

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """One client for all calls: each new one copies a table of all commands."""
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]

    get = _patiently("get", lambda _key, default: default)
    get_many = _patiently("get_many", lambda _keys: {})
    has_key = _patiently("has_key", lambda _key: False)
    add = _patiently("add", lambda *_given: True)
    set = _patiently("set", lambda *_given: None)
    set_many = _patiently("set_many", lambda *_given: None)
    touch = _patiently("touch", lambda *_given: False)
    incr = _patiently("incr", lambda _key, delta: delta)
    delete = _patiently("delete", lambda _key: False)
    delete_many = _patiently("delete_many", lambda _keys: None)


class PatientRedisCache(RedisCache):
    """The cache of the site (`CACHES`)."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = PatientClient
