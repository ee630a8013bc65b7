"""How long a row waits after a failure: a little at first, then longer and longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from gallery.jobs.lease import CLOCK_TOLERANCE
from providers.contract.errors import RateLimited

# The longest that anything waits, also where a service names a time. What lies further ahead was dated
# by a clock that was wrong.
LONGEST_WAIT = timedelta(hours=6)


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


def is_due(now: datetime) -> Q:
    """Rows whose time has come; a row without one waits for somebody."""
    return Q(next_at__lte=now) | Q(next_at__gt=now + LONGEST_WAIT + CLOCK_TOLERANCE)
