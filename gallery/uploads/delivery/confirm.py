"""Asks whether a photo arrived, until the answer is certain; then writes it into the library."""

import logging
import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from gallery.accounts.services import note_ok, note_trouble, open_service
from gallery.jobs.lease import RELEASED, LeaseLost
from gallery.library.services import add_photo
from gallery.uploads.delivery.lease import UploadLease, step
from gallery.uploads.delivery.policy import MAX_WAITS, Decision, after_absence, next_look, postpone
from gallery.uploads.delivery.tickets import open_ticket
from gallery.uploads.files import forget_file
from gallery.uploads.models import Upload
from gallery.uploads.states import Status
from providers.contract.base import PhotoService, UploadCallback
from providers.contract.entities import Photo, Ticket
from providers.contract.errors import ConsentNeeded, NotFound, ProviderError, ReconnectNeeded

logger = logging.getLogger(__name__)

_CALLBACK_LOOK = timedelta(minutes=1)
_FINISHED = {**RELEASED, "next_at": None, "ticket": "", "hint": ""}


def confirm_upload(upload: Upload, lease: UploadLease) -> None:
    """Look once, under our lease, for a photo that may be there."""
    try:
        with lease:
            step("confirming")
            _confirm(upload, lease)
    except LeaseLost:
        logger.info("upload %s was taken over", upload.pk)
    except Exception:  # not foreseen: without a wait it would be begun again at once, without end
        _broke(upload, lease)
        raise


def _broke(upload: Upload, lease: UploadLease) -> None:
    error = ProviderError("broken", provider=upload.account.kind, operation="confirm_upload")
    with suppress(LeaseLost):
        _look_again_or_end(upload, lease, next_look(upload, error))


def _confirm(upload: Upload, lease: UploadLease) -> None:
    try:
        service = open_service(upload.account)
    except ProviderError as error:
        _no_answer(upload, lease, error)
        return
    confirm_held(upload, service, lease)


def confirm_held(upload: Upload, service: PhotoService, lease: UploadLease) -> None:
    """As `confirm_upload`, by the worker that holds the lease already. Raises LeaseLost."""
    ticket = open_ticket(upload)
    if ticket is None:  # its key was taken out of the vault: nothing can be asked any more
        _end(upload, lease, Status.FAILED, "never_known")
        return
    try:
        photo = _look_for_a_moment(upload, service, ticket)
        if photo is None and _doubt_is_over(upload):
            photo = _settle(upload, service, ticket)
            if photo is None:
                _absent(upload, service, lease)
                return
    except ProviderError as error:
        _no_answer(upload, lease, error)
        return
    note_ok(upload.account)
    if photo is None or not save_photo(upload, lease, photo):
        _look_later(upload, lease)


def _look_for_a_moment(upload: Upload, service: PhotoService, ticket: Ticket) -> Photo | None:
    is_young = upload.status == Status.CONFIRMING and not upload.waits and not _doubt_is_over(upload)
    for pause in settings.UPLOAD_LOOK_PAUSES if is_young else (0.0,):
        time.sleep(pause)
        if photo := look_for(upload, service, ticket):
            return photo
    return None


def look_for(upload: Upload, service: PhotoService, ticket: Ticket) -> Photo | None:
    """The photo as the service has it; never one that another upload has claimed."""
    try:
        photo = service.confirm_upload(ticket)
    except NotFound:
        return None
    others = Upload.objects.filter(account=upload.account_id).exclude(pk=upload.pk)
    if photo is None or others.filter(remote_photo_id=photo.remote_id).exists():
        return None
    step("found")
    return photo


def _doubt_is_over(upload: Upload) -> bool:
    return upload.confirm_until is None or upload.confirm_until <= timezone.now()


def _settle(upload: Upload, service: PhotoService, ticket: Ticket) -> Photo | None:
    """Give the ticket back, then ask again: what is not there now will never be."""
    if not isinstance(service, UploadCallback):
        return None
    service.abandon_upload(ticket)
    return look_for(upload, service, ticket)


def abandon(service: PhotoService, ticket: Ticket) -> None:
    """Give a place back that nothing was put into. A service that does not listen lets it end by itself."""
    if isinstance(service, UploadCallback):
        try:
            service.abandon_upload(ticket)
        except ProviderError as error:
            logger.info("a ticket was not given back: %s", error)


def save_photo(upload: Upload, lease: UploadLease, photo: Photo) -> bool:
    """Library and row in one transaction. False when another upload has claimed this photo meanwhile."""
    album = upload.batch.album
    album_ids = [album.remote_id] if album else []
    try:
        with transaction.atomic():
            upload.move(Status.CONFIRMING, held_by=lease.owner)
            row = add_photo(upload.account, photo, album_ids)
            if not upload.move(
                Status.STORED, held_by=lease.owner, photo=row, remote_photo_id=photo.remote_id,
                reason="", **_FINISHED,
            ):  # fmt: skip
                raise LeaseLost
    except IntegrityError:
        return False
    step("stored")
    forget_file(upload)
    return True


def _absent(upload: Upload, service: PhotoService, lease: UploadLease) -> None:
    """It is not there, for certain: once more, or to the person."""
    if after_absence(upload) is Decision.RETRY:
        # Where only a listing decides, the old ticket stays for one last look before sending again.
        ticket = "" if isinstance(service, UploadCallback) else upload.ticket
        _end(upload, lease, Status.QUEUED, upload.hint, ticket=ticket, next_at=timezone.now())
    else:
        silent = "nothing_came" if upload.route == Upload.Route.BROWSER else "absent"
        _end(upload, lease, Status.FAILED, upload.hint or silent)


def _end(upload: Upload, lease: UploadLease, to: Status, reason: str, **changes: Any) -> None:
    finished = {**_FINISHED, **changes}
    if not upload.move(to, held_by=lease.owner, note=reason, reason=reason, **finished):
        raise LeaseLost


def _look_later(upload: Upload, lease: UploadLease) -> None:
    next_at = next_look(upload)
    if upload.status == Status.AWAITING_CALLBACK:
        next_at = timezone.now() + _CALLBACK_LOOK
    if upload.confirm_until:
        next_at = min(next_at, max(upload.confirm_until, timezone.now()))
    _release(upload, lease, next_at=next_at, waits=upload.waits + 1)


def _no_answer(upload: Upload, lease: UploadLease, error: ProviderError) -> None:
    """Nothing was learnt. A question that stays open is told to the person in the end, never guessed."""
    note_trouble(upload.account, error)
    if isinstance(error, ReconnectNeeded | ConsentNeeded):
        _release(upload, lease, next_at=timezone.now())
    else:
        again = next_look(upload, error)
        if upload.waits < MAX_WAITS:
            postpone(upload.account_id, again)
        _look_again_or_end(upload, lease, again)


def _look_again_or_end(upload: Upload, lease: UploadLease, again: datetime) -> None:
    if upload.waits >= MAX_WAITS:
        upload.move(Status.CONFIRMING, held_by=lease.owner)
        _end(upload, lease, Status.FAILED, "never_known", ticket=upload.ticket)
    else:
        _release(upload, lease, next_at=again, waits=upload.waits + 1)


def _release(upload: Upload, lease: UploadLease, **changes: Any) -> None:
    if not upload.change(held_by=lease.owner, **RELEASED, **changes):
        raise LeaseLost
