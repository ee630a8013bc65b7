"""Finds uploads that nobody works on and calls a worker to them. The queue may lose what it likes."""

import logging
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.uploads import bell
from gallery.uploads.delivery.lease import RELEASED
from gallery.uploads.delivery.policy import MAX_WAITS, end_of_doubt
from gallery.uploads.models import Upload, UploadQuerySet
from gallery.uploads.receiving.files import forget_file
from gallery.uploads.states import IN_FLIGHT, Status

logger = logging.getLogger(__name__)

_RING_AGAIN = timedelta(seconds=30)
_MOST_BELLS = 100  # unheard at a time: a long line must not fill the queue with repetitions
_WAITS_FOR_PERSON = [LinkedAccount.State.RECONNECT, LinkedAccount.State.CONSENT, LinkedAccount.State.LEAVING]


def sweep_uploads() -> int:
    """Free what dead workers held, ring for what is due. Returns how many bells were rung."""
    for upload in Upload.objects.filter(status__in=IN_FLIGHT, lease_until__lt=timezone.now()):
        free(upload)
    for upload in Upload.objects.filter(status=Status.STORED).exclude(file="")[:50]:
        forget_file(upload)
    unheard = bell.waiting()
    if unheard is None:
        return 0  # the queue is away: the next sweep is soon
    due = list(due_uploads()[: max(_MOST_BELLS - unheard, 0)])
    Upload.objects.filter(pk__in=[upload.pk for upload in due]).update(rung_at=timezone.now())
    for upload in due:
        bell.ring(bell.SEND if upload.status == Status.QUEUED else bell.CONFIRM, upload.pk)
    return len(due)


def due_uploads() -> UploadQuerySet:
    """What a worker could do now, longest waiting first."""
    now = timezone.now()
    in_flight = Upload.objects.filter(
        account=OuterRef("account"), takes_turns=True, status__in=[Status.SENDING, Status.CONFIRMING]
    )
    before = Upload.objects.filter(
        account=OuterRef("account"), takes_turns=True, status=Status.QUEUED, next_at__lte=now,
        pk__lt=OuterRef("pk"),
    )  # fmt: skip
    to_send = Q(status=Status.QUEUED) & (Q(takes_turns=False) | (~Exists(in_flight) & ~Exists(before)))
    to_confirm = Q(status__in=[Status.AWAITING_CALLBACK, Status.CONFIRMING])
    return (
        Upload.objects.unheld(now)
        .filter(to_send | to_confirm)
        .filter(Q(next_at=None) | Q(next_at__lte=now))
        .filter(Q(rung_at=None) | Q(rung_at__lt=now - _RING_AGAIN) | Q(rung_at__lt=F("next_at")))
        .exclude(account__state__in=_WAITS_FOR_PERSON)
        .order_by("next_at", "pk")
    )


def free(upload: Upload) -> bool:
    """Take the row from a worker whose lease ran out. What may have been sent is confirmed first."""
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
