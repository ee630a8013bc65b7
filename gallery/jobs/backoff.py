"""How long a row waits after a failure: a little at first, then longer and longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from gallery.jobs.lease import LONGEST_WAIT
from providers.contract.errors import RateLimited


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Seconds: `first` after one failure, twice as many after each more, `longest` at most."""

    first: float
    longest: float

    def delay(self, failures: int, error: Exception | None = None) -> timedelta:
        """`failures`: how many there were before this one. A time that the service named goes before ours."""
        ours = min(self.first * 2.0 ** min(failures, 30), self.longest)
        seconds = max(1.0, error.retry_after) if isinstance(error, RateLimited) else ours
        return min(timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds())), LONGEST_WAIT)

    def next_at(self, failures: int, error: Exception | None = None) -> datetime:
        return timezone.now() + self.delay(failures, error)
