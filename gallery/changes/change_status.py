"""Which of a photo's changes its page shows, and whether the photo is up to date."""

from datetime import timedelta

from django.utils import timezone

from gallery.changes.models import Change
from gallery.library.models import Photo

_SHOWN_FOR = {Change.Status.DONE: timedelta(minutes=2), Change.Status.FAILED: timedelta(days=1)}


def newest_change(photo: Photo) -> Change | None:
    """The change to show: one that is open, else the newest, for a while after it ended."""
    changes = Change.objects.filter(photo=photo).select_related("account")
    waiting = changes.filter(status__in=[Change.Status.WAITING, Change.Status.WORKING]).order_by("pk").first()
    newest = waiting or changes.order_by("-pk").first()
    if newest is None or not newest.is_over:
        return newest
    return newest if newest.updated_at > timezone.now() - _SHOWN_FOR[Change.Status(newest.status)] else None


def is_behind(photo: Photo) -> bool:
    """Whether the row changed after `photo` was read: a change may end while its page is being made."""
    now = Photo.objects.filter(pk=photo.pk).values_list("fingerprint", flat=True).first()
    return now != photo.fingerprint
