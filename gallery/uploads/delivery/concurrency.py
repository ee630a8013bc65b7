"""How many uploads of one account are under way at once, and how those of a service that is away wait."""

from datetime import datetime

from gallery.jobs.lease import is_held
from gallery.uploads.models import Upload
from gallery.uploads.states import IN_FLIGHT, Status

AT_ONCE = 2  # uploads of one account, so that it never takes all workers


def may_send(upload: Upload, now: datetime) -> bool:
    """Whether one more of its account may be begun. The account's row is locked meanwhile.

    Only counted, three workers that come at once would all find room for one.
    """
    under_way = Upload.objects.filter(account=upload.account_id, status__in=IN_FLIGHT)
    if upload.takes_turns:  # the service names no new photo: two of them could not be told apart
        return not under_way.filter(takes_turns=True).exclude(status=Status.AWAITING_CALLBACK).exists()
    return under_way.filter(is_held(now)).count() < AT_ONCE


def postpone(account_id: int, until: datetime) -> None:
    """The account's service does not answer: what waits for it would each find that out by itself."""
    waiting = Upload.objects.filter(account=account_id, status=Status.QUEUED, next_at__lt=until)
    waiting.update(next_at=until)
