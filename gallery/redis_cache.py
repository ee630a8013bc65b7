"""Django's cache in Redis, which the site outlives.

All that lies in the cache can be worked out again, or slows somebody down; no page may fail for want
of it. Where Redis is away, hangs or says no (full, read-only, loading, locked), it counts as empty, and
the counts and locks that hold a guesser back are remembered by each process (decision 59).
"""

import logging
import threading
import time
from collections.abc import Callable
from functools import cache as once_for
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import RedisError

from gallery.process_memory import ProcessMemory

logger = logging.getLogger(__name__)
_SCANNED_AT_ONCE = 1000  # keys
_PROBE_SECONDS = 1.0
_PROBED_FOR = 60.0  # seconds after the last call; then the next call tries by itself


class Outage:
    """The time in which one Redis does not do what is asked, for all threads of this process.

    A thread of its own looks whether it is over, so that no page waits for that.
    """

    def __init__(self) -> None:
        self.memory = ProcessMemory()
        self._lock = threading.Lock()
        self._is_on = False
        self._used_at = 0.0
        self._prober: threading.Thread | None = None

    def is_on(self, client: "FailOpenClient") -> bool:
        self._used_at = time.monotonic()
        if self._is_on and not (self._prober and self._prober.is_alive()):
            self.begin(client)  # the thread has ended, or was left behind by a fork
        return self._is_on

    def begin(self, client: "FailOpenClient") -> None:
        with self._lock:
            self._is_on = True
            if self._prober is None or not self._prober.is_alive():
                self._prober = threading.Thread(target=self._probe, args=[client], daemon=True)
                self._prober.start()

    def _probe(self, client: "FailOpenClient") -> None:
        while time.monotonic() - self._used_at < _PROBED_FOR:
            time.sleep(_PROBE_SECONDS)
            try:
                client.bring_back(self.memory)
            except RedisError:
                continue
            self._is_on = False
            self.memory.clear()
            logger.warning("The cache is back")
            return
        self._is_on = False


@once_for
def _outage_of(_servers: tuple[str, ...]) -> Outage:
    return Outage()


def _fail_open(name: str) -> Callable[..., Any]:
    """The method of that name; the memory of the process has it while Redis is out."""

    def method(self: "FailOpenClient", *arguments: Any) -> Any:
        outage = self.outage
        if not outage.is_on(self):
            try:
                return getattr(super(FailOpenClient, self), name)(*arguments)
            except RedisError as error:
                outage.begin(self)
                logger.warning("The cache is out: %s", type(error).__name__)
        return getattr(outage.memory, name)(*arguments)

    return method


class OwnKeysClient(RedisCacheClient):
    """Clears this site's keys alone: others may lie in the same database."""

    def __init__(self, servers: list[str], *, own_keys: str, **options: Any) -> None:
        super().__init__(servers, **options)
        self._own_keys = own_keys

    def clear(self) -> bool:
        client = self.get_client(write=True)
        for key in client.scan_iter(self._own_keys, count=_SCANNED_AT_ONCE):
            client.unlink(key)
        return True


class FailOpenClient(OwnKeysClient):
    """Answers as an empty cache would while Redis does not; counts and locks hold within the process."""

    def __init__(self, servers: list[str], *, probe_key: str, **options: Any) -> None:
        super().__init__(servers, **options)
        self._probe_key = probe_key
        self._clients: dict[bool, Redis] = {}
        self.outage = _outage_of(tuple(servers))

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """One client for all calls: each new one copies a table of all commands."""
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]

    def bring_back(self, memory: ProcessMemory) -> None:
        """Give Redis what the process remembers, if it takes it. Raises RedisError."""
        pipeline = self.get_client(write=True).pipeline(transaction=False)
        pipeline.set(self._probe_key, 1, ex=1)
        dumps = self._serializer.dumps  # type: ignore[attr-defined]  # Django's, which its stubs leave out
        for key, value, seconds in memory.remaining():
            pipeline.set(key, dumps(value), ex=seconds, nx=True)
        pipeline.execute()

    get = _fail_open("get")
    get_many = _fail_open("get_many")
    has_key = _fail_open("has_key")
    add = _fail_open("add")
    set = _fail_open("set")
    set_many = _fail_open("set_many")
    touch = _fail_open("touch")
    incr = _fail_open("incr")
    delete = _fail_open("delete")
    delete_many = _fail_open("delete_many")
    clear = _fail_open("clear")


class FailOpenRedisCache(RedisCache):
    """The cache of the site (`CACHES`)."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = FailOpenClient
        keys = {"own_keys": self.make_key("*"), "probe_key": self.make_key("probe")}
        self._options = {**params.get("OPTIONS", {}), **keys}
