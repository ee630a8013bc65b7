"""Asking a service while a person waits: within a deadline, once for all who ask the same, with few threads,
not twice in two minutes, and not at all where it keeps failing.

Replies are cached for one linked account, which is one person's: what a service shows to one of its
users is never shown to another.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Generic, TypeVar

from django.core.cache import cache

from gallery.accounts import services as accounts
from gallery.accounts.models import LinkedAccount
from gallery.remote.circuit_breaker import CircuitBreaker
from gallery.remote.concurrency_limit import concurrency_limit
from gallery.remote.deadline import Call, DeadlineExceeded
from gallery.remote.limits import Limits
from providers.contract.base import PhotoService
from providers.contract.errors import NotFound, ProviderError, Refused
from providers.single_flight import once

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Generic[T]):
    """`arguments` distinguish queries of one name; `work` asks the service, and never returns None.

    `find` is given where `work` stores the reply itself: it returns what is stored.
    """

    limits: Limits
    name: str
    arguments: tuple[object, ...] = ()
    work: Callable[[PhotoService], T]
    find: Callable[[], T | None] | None = None


def cached_reply(account: LinkedAccount, query: Query[T]) -> T | None:
    """The reply where it came a moment ago, else None."""
    if query.find is not None:
        return query.find()
    reply: T | None = cache.get(_key(account, query))
    return reply


def cache_replies(account: LinkedAccount, replies: Iterable[tuple[Query[Any], Any]]) -> None:
    """What one reply says about other queries, all of the same limits."""
    pairs = list(replies)
    if pairs:
        found = {_key(account, query): reply for query, reply in pairs}
        cache.set_many(found, pairs[0][0].limits.cached_seconds)


def ask(account: LinkedAccount, query: Query[T], seconds: float | None = None) -> T:
    """The reply: cached, or asked for within the deadline of the query's limits, or within `seconds`.

    Raises ProviderError, and NoReply; after a DeadlineExceeded the reply may be there soon.
    """
    if (reply := cached_reply(account, query)) is not None:
        return reply
    circuit = CircuitBreaker(query.limits, account.pk)
    deadline = circuit.deadline()
    call = _call_of(account, query)
    try:
        return call.wait(deadline if seconds is None else min(seconds, deadline))
    except DeadlineExceeded:
        if not call.waits_for_slot.is_set():
            circuit.note_failure()
        raise


_calls: dict[str, "_RemoteCall[Any]"] = {}  # of this process, until they end
_calls_lock = threading.Lock()


def _call_of(account: LinkedAccount, query: Query[T]) -> "_RemoteCall[T]":
    """The call that somebody waits for already, or a new one."""
    key = _key(account, query)
    with _calls_lock:
        call: _RemoteCall[T] | None = _calls.get(key)
        if call is None:
            call = _RemoteCall(account, query)
            call.start()
            _calls[key] = call
    return call


class _RemoteCall(Call[T]):
    """One call for all who ask the same. It may outlive them; what comes late is cached for who asks next."""

    def __init__(self, account: LinkedAccount, query: Query[T]) -> None:
        super().__init__(self._once)
        self._account, self._query, self._key = account, query, _key(account, query)
        self.waits_for_slot = threading.Event()

    def run(self) -> None:
        super().run()
        with _calls_lock:
            del _calls[self._key]

    def _once(self) -> T:
        limits = self._query.limits
        reply = once(
            self._key,
            lambda: cached_reply(self._account, self._query),
            self._make,
            lease=limits.lease_seconds,
            wait=limits.deadline,
        )
        if reply is None:  # another process is still at it
            raise DeadlineExceeded
        return reply

    def _make(self) -> T:
        limits = self._query.limits
        self.waits_for_slot.set()
        with concurrency_limit(limits).slot(self._account, limits.slot_wait):
            self.waits_for_slot.clear()
            reply = self._ask_service()
        if self._query.find is None:
            cache.set(self._key, reply, limits.cached_seconds)
        return reply

    def _ask_service(self) -> T:
        circuit = CircuitBreaker(self._query.limits, self._account.pk)
        try:
            reply = self._query.work(accounts.open_service(self._account))
        except (NotFound, Refused):  # it answered
            circuit.note_reply()
            raise
        except ProviderError:
            circuit.note_failure()
            raise
        circuit.note_reply()
        return reply


def _key(account: LinkedAccount, query: Query[Any]) -> str:
    named = repr((query.name, query.arguments)).encode("utf-8", "backslashreplace")
    digest = blake2b(named, digest_size=16).hexdigest()
    return f"remote:{query.limits.name}:{account.pk}:{digest}"
