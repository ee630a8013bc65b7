"""How long a person waits for a service, and how much of this process a service may hold.

Each instance is for one use; all are listed in docs/remote.md; why they were chosen stands there.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Times are in seconds, counts of threads are for one process.

    `cached_seconds` is 0 where the caller stores the reply. `lease_seconds`: after which a second asker
    no longer believes that the first one is still at it. `failures` in a row open the circuit for
    `rest_seconds`.
    """

    name: str
    deadline: float = 3.0
    deadline_after_failure: float = 3.0
    slot_wait: float = 2.0
    cached_seconds: int = 120
    lease_seconds: int = 60
    slots: int = 8
    slots_of_a_service: int = 6
    slots_of_an_account: int = 3
    failures: int = 3
    rest_seconds: int = 30


SEARCH = Limits(name="search")
EXPLORE = Limits(name="explore", slots=16, slots_of_a_service=12, slots_of_an_account=6)
COMMENTS = Limits(name="comments")
PICTURES = Limits(
    name="pictures",
    deadline=8.0,
    deadline_after_failure=2.0,
    cached_seconds=0,
    slots=16,
    slots_of_a_service=12,
    slots_of_an_account=8,
)
