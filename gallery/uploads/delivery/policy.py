"""What follows from a service's no, and how long we wait and how often we try (docs/flows/upload.md).

The sentences that go with the codes are in `messages.py` of each service.
"""

from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.utils import timezone

from gallery.jobs.backoff import Backoff
from gallery.uploads.models import Upload
from gallery.uploads.states import Status
from providers import registry
from providers.contract.errors import ProviderError

MAX_TRIES = 3  # tickets of one upload before the person is asked
MAX_WAITS = 60  # failures in a row that were nobody's fault: about nine hours
_BACKOFF = Backoff(first=2.0, longest=600.0)
_LOOKS = Backoff(first=2.0, longest=30.0)  # where nothing failed: the service is still at it


class Decision(Enum):
    """What is done after a refusal."""

    RETRY = "with a new ticket"
    LOOK = "it may be there: confirm, never repeat"
    GIVE_UP = "the person must change something"


# What each service says of its own codes (its module `policy`), by (kind, code). How many tries a
# refusal is worth; one that is not named there needs the person at once.
_WORTH_TRIES = {
    (kind.id, code): tries
    for kind in registry.kinds().values()
    for code, tries in kind.upload_policy.worth_tries.items()
}
_MAY_BE_THERE = {
    (kind.id, code) for kind in registry.kinds().values() for code in kind.upload_policy.may_be_there
}
# Refusals that say something about the account and not about this one file.
ABOUT_THE_ACCOUNT = {
    (kind.id, code) for kind in registry.kinds().values() for code in kind.upload_policy.about_the_account
}


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
    return (_BACKOFF if error else _LOOKS).next_at(upload.waits, error)


def postpone(account_id: int, until: datetime) -> None:
    """The account's service does not answer: what waits for it would each find that out by itself."""
    waiting = Upload.objects.filter(account=account_id, status=Status.QUEUED, next_at__lt=until)
    waiting.update(next_at=until)


def end_of_doubt(upload: Upload) -> datetime:
    """Until when a photo whose arrival is unknown is looked for before it counts as not there.

    A ticket can be given back, which settles the question; without one only time does.
    """
    if not upload.takes_turns:
        return timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
    return timezone.now() + upload.shown_within(timedelta(seconds=settings.UPLOAD_DOUBT_SECONDS))
