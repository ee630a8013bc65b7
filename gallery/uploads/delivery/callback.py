"""What a service, or a browser that it sent on, tells us: a hint that wakes us up, never believed."""

import re

from django.utils import timezone

from gallery.jobs.kinds import Kind
from gallery.jobs.queue import wake_after_commit
from gallery.uploads.delivery.tickets import callback_key
from gallery.uploads.models import Upload
from gallery.uploads.states import Status

_CODE = re.compile(r"[A-Z_]{1,60}")


def receive_callback(signed_key: str, claimed: str) -> Upload | None:
    """The upload that the address belongs to, now to be confirmed; None for an address that is not ours.

    `claimed` is the service's word, or anybody's. After SUCCESS we look longer, after anything else we
    look at once: in both cases only what the service then shows decides. A second call changes nothing.
    """
    key = callback_key(signed_key)
    upload = Upload.objects.filter(callback_key=key).select_related("account").first() if key else None
    if upload is None:
        return None
    hint = claimed if _CODE.fullmatch(claimed) and claimed != "SUCCESS" else ""
    now = timezone.now()
    moved = upload.move(
        Status.CONFIRMING,
        only_from=Status.AWAITING_CALLBACK,
        note=f"callback: {hint or 'success'}",
        hint=hint,
        waits=0,
        next_at=now,
        confirm_until=now if hint else now + upload.shown_within(),
    )
    if moved:
        wake_after_commit(Kind.UPLOADS)
    return upload
