"""Asking a service for what everybody may see: three seconds at most, and not twice in two minutes.

Answers are kept for one linked account, which is one person's: what a service shows to one of its
users is never shown to another.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.core.cache import cache

from gallery.accounts import services as accounts
from gallery.accounts.models import LinkedAccount
from gallery.library.patience import TooSlow, within
from providers.contract.base import PhotoService
from providers.single_flight import once

SECONDS = 3.0
_KEPT_SECONDS = 120
_LONGEST_SECONDS = 60  # that an asker may be at it before another one tries
# Threads of a process that may be at services: a slow one ends by the limits of providers/client/http.py.
_AT_SERVICES = threading.BoundedSemaphore(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a service is asked. `arguments` tell one question of a name from another."""

    name: str
    arguments: tuple[object, ...] = ()
    work: Callable[[PhotoService], Any]


def known(account: LinkedAccount, question: Question) -> Any:
    """The answer where it was given a moment ago, else None."""
    return cache.get(_key(account, question))


def ask(account: LinkedAccount, question: Question, seconds: float = SECONDS) -> Any:
    """The answer. Raises ProviderError, and TooSlow when `seconds` are over; then it may be known soon."""
    key = _key(account, question)

    def make() -> Any:
        if not _AT_SERVICES.acquire(timeout=seconds):
            raise TooSlow
        try:
            answer = question.work(accounts.open_service(account))
        finally:
            _AT_SERVICES.release()
        cache.set(key, answer, _KEPT_SECONDS)
        return answer

    found = within(
        seconds, lambda: once(key, lambda: cache.get(key), make, lease=_LONGEST_SECONDS, wait=seconds)
    )
    if found is None:
        raise TooSlow
    return found


def remember(account: LinkedAccount, answers: Iterable[tuple[Question, Any]]) -> None:
    """What one answer told about other questions."""
    cache.set_many({_key(account, question): told for question, told in answers}, _KEPT_SECONDS)


def _key(account: LinkedAccount, question: Question) -> str:
    told = repr((question.name, question.arguments)).encode("utf-8", "backslashreplace")
    return f"explore:{account.pk}:{blake2b(told, digest_size=16).hexdigest()}"
