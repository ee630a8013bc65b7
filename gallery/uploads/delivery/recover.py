"""What becomes of uploads whose worker died: what may have been sent is confirmed first."""

from django.utils import timezone

from gallery.jobs.lease import RELEASED, is_expired
from gallery.uploads.delivery.policy import MAX_WAITS, end_of_doubt
from gallery.uploads.files import forget_file
from gallery.uploads.models import Upload
from gallery.uploads.states import IN_FLIGHT, Status


def recover_uploads() -> None:
    """Free what dead workers held; delete files that a killed worker left after their photo was stored."""
    for upload in Upload.objects.filter(is_expired(timezone.now()), status__in=IN_FLIGHT):
        free(upload)
    for upload in Upload.objects.filter(status=Status.STORED).exclude(file="")[:50]:
        forget_file(upload)


def free(upload: Upload) -> bool:
    """Take the row from a worker whose lease ran out."""
    owner, now = upload.lease_owner, timezone.now()
    if upload.waits >= MAX_WAITS and upload.status == Status.SENDING and not upload.ticket:
        return upload.move(
            Status.FAILED, held_by=owner, note="given up", reason="broken", next_at=None, **RELEASED
        )
    if upload.status == Status.SENDING and not upload.ticket:
        return upload.move(
            Status.QUEUED, held_by=owner, note="worker lost", waits=upload.waits + 1, next_at=now, **RELEASED
        )
    is_browsers = upload.route == Upload.Route.BROWSER and upload.status == Status.AWAITING_CALLBACK
    if upload.status == Status.CONFIRMING or is_browsers:
        until = upload.confirm_until or end_of_doubt(upload)
        return upload.change(held_by=owner, next_at=now, confirm_until=until, **RELEASED)
    return upload.move(
        Status.CONFIRMING, held_by=owner, note="worker lost", reason="outcome_unknown", waits=0, next_at=now,
        confirm_until=end_of_doubt(upload), **RELEASED,
    )  # fmt: skip
