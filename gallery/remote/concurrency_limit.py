"""How many threads of this process may be at services: in all, at one service, for one account.

A service that hangs holds its own share for as long as providers/client/http.py lets it; the others
still have theirs. The counts are the process's own: no cache has to be there for them.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from gallery.accounts.models import LinkedAccount
from gallery.remote.deadline import NoReply
from gallery.remote.limits import Limits


class TooBusy(NoReply):
    """No thread became free in time. It says nothing about the service."""


class ConcurrencyLimit:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._taken: Counter[str] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def slot(self, account: LinkedAccount, wait: float) -> Iterator[None]:
        """A slot for the time of the block. Raises TooBusy after `wait` seconds."""
        most = {
            "all": self._limits.slots,
            f"service {account.provider_id}": self._limits.slots_of_a_service,
            f"account {account.pk}": self._limits.slots_of_an_account,
        }
        self._take(most, wait)
        try:
            yield
        finally:
            self._give_back(most)

    def _take(self, most: dict[str, int], wait: float) -> None:
        def has_room() -> bool:
            return all(self._taken[name] < limit for name, limit in most.items())

        with self._changed:
            if not self._changed.wait_for(has_room, wait):
                raise TooBusy
            self._taken.update(most.keys())

    def _give_back(self, names: dict[str, int]) -> None:
        with self._changed:
            self._taken.subtract(names.keys())
            self._taken += Counter()  # forgets the names that hold none
            self._changed.notify_all()


@cache
def concurrency_limit(limits: Limits) -> ConcurrencyLimit:
    """The one of this process."""
    return ConcurrencyLimit(limits)
