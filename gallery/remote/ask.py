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
from gallery.remote.deadline import DeadlineExceeded, run_with_deadline
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
    attempt = _Attempt(account, query, circuit)
    try:
        return attempt.run(deadline if seconds is None else min(seconds, deadline))
    except DeadlineExceeded:
        if not attempt.waits_for_slot.is_set():
            circuit.note_failure()
        raise
    except (NotFound, Refused):  # it answered
        circuit.note_reply()
        raise
    except ProviderError:
        circuit.note_failure()
        raise


class _Attempt(Generic[T]):
    """One asker's turn. Its thread may outlive it; what comes late is cached for whoever asks next."""

    def __init__(self, account: LinkedAccount, query: Query[T], circuit: CircuitBreaker) -> None:
        self._account, self._query, self._circuit = account, query, circuit
        self._key = _key(account, query)
        self.waits_for_slot = threading.Event()

    def run(self, seconds: float) -> T:
        reply = run_with_deadline(seconds, lambda: self._once(seconds))
        if reply is None:
            raise DeadlineExceeded
        return reply

    def _once(self, seconds: float) -> T | None:
        return once(
            self._key,
            lambda: cached_reply(self._account, self._query),
            lambda: self._make(seconds),
            lease=self._query.limits.lease_seconds,
            wait=seconds,
        )

    def _make(self, seconds: float) -> T:
        limits = self._query.limits
        self.waits_for_slot.set()
        with concurrency_limit(limits).slot(self._account, min(seconds, limits.slot_wait)):
            self.waits_for_slot.clear()
            reply = self._query.work(accounts.open_service(self._account))
        if self._query.find is None:
            cache.set(self._key, reply, limits.cached_seconds)
        self._circuit.note_reply()
        return reply


def _key(account: LinkedAccount, query: Query[Any]) -> str:
    named = repr((query.name, query.arguments)).encode("utf-8", "backslashreplace")
    digest = blake2b(named, digest_size=16).hexdigest()
    return f"remote:{query.limits.name}:{account.pk}:{digest}"
