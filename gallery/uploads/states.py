"""The life of an upload (docs/flows/upload.md).

asking -> queued -> sending -> awaiting_callback -> confirming -> stored
                       \\________ (no callback) ______/
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    ASKING = "asking", _("Already here")
    QUEUED = "queued", _("In line")
    SENDING = "sending", _("Sending")
    AWAITING_CALLBACK = "awaiting_callback", _("Waiting for the service")
    CONFIRMING = "confirming", _("Making sure it is there")
    STORED = "stored", _("Stored")
    FAILED = "failed", _("Did not arrive")
    CANCELLED = "cancelled", _("Cancelled")


# Back to queued: nothing was sent; or confirmed absent with tries left; or the person says so.
MOVES: dict[Status, frozenset[Status]] = {
    Status.ASKING: frozenset({Status.QUEUED, Status.CANCELLED}),
    Status.QUEUED: frozenset({Status.SENDING, Status.CANCELLED, Status.FAILED}),
    Status.SENDING: frozenset({Status.AWAITING_CALLBACK, Status.CONFIRMING, Status.QUEUED, Status.FAILED}),
    Status.AWAITING_CALLBACK: frozenset({Status.CONFIRMING, Status.QUEUED, Status.FAILED}),
    Status.CONFIRMING: frozenset({Status.STORED, Status.QUEUED, Status.FAILED}),
    Status.STORED: frozenset(),
    Status.FAILED: frozenset({Status.QUEUED, Status.CANCELLED}),
    Status.CANCELLED: frozenset({Status.QUEUED}),
}
# The service may have received something of it, and the site itself carries it on.
IN_FLIGHT = frozenset({Status.SENDING, Status.AWAITING_CALLBACK, Status.CONFIRMING})
UNFINISHED = IN_FLIGHT | {Status.QUEUED}
# Nothing is on its way: the person decides what becomes of it.
AT_REST = frozenset({Status.ASKING, Status.FAILED, Status.CANCELLED})


def sources_of(target: Status) -> list[Status]:
    """From which states a row may move to `target`."""
    return [status for status, targets in MOVES.items() if target in targets]
