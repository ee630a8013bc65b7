"""What follows from a service's no, and how long we wait and how often we try (docs/flows/upload.md).

The sentences that go with the codes are in gallery/accounts/sentences.py.
"""

from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.utils import timezone

from gallery.uploads.models import Upload
from providers.errors import ProviderError, RateLimited

MAX_TRIES = 3  # tickets of one upload before the person is asked
MAX_WAITS = 60  # failures in a row that were nobody's fault: about nine hours
ACCEPTED = timedelta(minutes=10)  # how long a service that said yes may take to show the photo
_LONGEST_WAIT = 600.0


class Decision(Enum):
    """What is done after a refusal."""

    RETRY = "with a new ticket"
    LOOK = "it may be there: confirm, never repeat"
    GIVE_UP = "the person must change something"


# How many tries a refusal is worth; one that is not named here needs the person at once.
_WORTH_TRIES = {
    ("sapo", "INVALID_UPLOAD"): 2,
    ("sapo", "MISSING_TOKEN"): 3,
    ("sapo", "INVALID_TOKEN"): 3,
    ("sapo", "INVALID_IMAGE"): 3,
    ("sapo", "NO_FILE"): 2,
    ("sapo", "FILE_COUNT_EXCEEDED"): 2,
    ("sapo", "INVALID_FILE"): 2,
    ("sapo", "PROBLEMS_SAVING_IMAGE"): 3,
}
_MAY_BE_THERE = {("sapo", "EXHAUSTED_TOKEN"), ("sapo", "SUCCESS")}
# Refusals that say something about the account and not about this one file.
ABOUT_THE_ACCOUNT = {("sapo", "INVALID_OWNER"), ("orange", "1106")}


def after_refusal(upload: Upload, code: str) -> Decision:
    """A browser's own try is never repeated by us: we have no file."""
    answer = (upload.account.kind, code)
    if answer in _MAY_BE_THERE:
        return Decision.LOOK
    if upload.route == Upload.Route.WORKER and upload.tries < _WORTH_TRIES.get(answer, 0):
        return Decision.RETRY
    return Decision.GIVE_UP


def after_absence(upload: Upload) -> Decision:
    """The service has not got it, for certain. `upload.hint` is what a callback claimed."""
    if upload.route == Upload.Route.BROWSER:
        return Decision.GIVE_UP
    limit = _WORTH_TRIES.get((upload.account.kind, upload.hint), 0) if upload.hint else MAX_TRIES
    return Decision.RETRY if upload.tries < limit else Decision.GIVE_UP


def next_look(upload: Upload, error: ProviderError | None = None) -> datetime:
    """When to come back to a row that has to wait: soon at first, then more and more seldom."""
    if isinstance(error, RateLimited):
        return timezone.now() + timedelta(seconds=max(1.0, error.retry_after))
    longest = _LONGEST_WAIT if error else 30.0
    return timezone.now() + timedelta(seconds=min(2.0 ** min(upload.waits + 1, 10), longest))


def end_of_doubt(upload: Upload) -> datetime:
    """Until when a photo whose arrival is unknown is looked for before it counts as not there.

    A ticket can be given back, which settles the question; without one only time does.
    """
    seconds = settings.UPLOAD_DOUBT_SECONDS if upload.takes_turns else settings.LEASE_SECONDS
    return timezone.now() + timedelta(seconds=seconds)
