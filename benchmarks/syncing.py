"""How fast a library is filled, and how cheap it is to find that nothing changed."""

import time
from collections.abc import Callable

from benchmarks.report import Line
from benchmarks.seeding import ZeroLatencyService, person_with_account
from gallery.accounts.models import LinkedAccount
from gallery.library import services
from tests.support import jobs

LEAST_PER_SECOND = 4_000
LEAST_RATIO = 40


def synced(
    account: LinkedAccount, service: ZeroLatencyService, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Seconds that one sync of the account takes, by `clock`."""
    services.request_sync(account)
    claimed = jobs.claim_sync(account.pk)
    assert claimed is not None
    started = clock()
    with claimed.lease:
        claimed.follow(service)
    return clock() - started


def measure(photo_count: int) -> list[Line]:
    """By the wall clock, and by the processor's time, which what else runs on the machine moves less."""
    service = ZeroLatencyService(photo_count)
    account, other = (person_with_account(f"synced-{photo_count}-{number}") for number in (1, 2))
    first = synced(account, service)
    again = min(synced(account, service) for _ in range(3))
    busy = synced(other, service, time.process_time)
    what = f"first sync of {photo_count:,} photos"
    return [
        Line.at_least(f"{what}, photos/s", photo_count / first, LEAST_PER_SECOND),
        Line(f"{what}, photos for each second of a processor", photo_count / busy),
        Line.at_least("first sync to one without change, times", first / again, LEAST_RATIO),
    ]
