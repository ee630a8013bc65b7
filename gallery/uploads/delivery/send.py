"""Sends one upload: a ticket, then the bytes, once. What may have happened is confirmed, not repeated."""

import logging
from datetime import timedelta
from typing import Any, BinaryIO, cast

from django.db.models import F
from django.utils import timezone

from gallery.accounts.services import note_ok, note_trouble, open_service
from gallery.jobs.lease import RELEASED, LeaseLost
from gallery.uploads.delivery.albums import AlbumNotReady, album_of
from gallery.uploads.delivery.confirm import abandon, confirm_held, look_for, save_photo
from gallery.uploads.delivery.lease import UploadLease, step
from gallery.uploads.delivery.policy import (
    ABOUT_THE_ACCOUNT,
    MAX_WAITS,
    Decision,
    after_refusal,
    end_of_doubt,
    next_look,
    postpone,
)
from gallery.uploads.delivery.tickets import callback_url, new_callback_key, open_ticket, seal_ticket
from gallery.uploads.models import ACCEPTED, Upload
from gallery.uploads.states import Status
from providers.contract.base import PhotoService, UploadCallback
from providers.contract.entities import Draft, Ticket
from providers.contract.errors import (
    ConsentNeeded,
    NotFound,
    OutcomeUnknown,
    ProtocolError,
    ProviderError,
    ReconnectNeeded,
    Refused,
)
from providers.durable import lasting

logger = logging.getLogger(__name__)

_ALBUM_WAIT = timedelta(seconds=3)
_CALLBACK_LOOK = timedelta(minutes=1)  # how often a file that a browser sends is looked for


def send_upload(upload: Upload, lease: UploadLease) -> None:
    """Send a row that is `sending` under our lease; then look whether it arrived."""
    try:
        with lease:
            step("claimed")
            _send(upload, lease)
    except LeaseLost:
        logger.info("upload %s was taken over", upload.pk)


def _send(upload: Upload, lease: UploadLease) -> None:
    """From the ticket to `confirming`, or back to where the answer leads. Raises LeaseLost."""
    try:
        service = open_service(upload.account)
        if upload.ticket and _arrived_after_all(upload, service, lease):
            return
        if upload.route == Upload.Route.BROWSER:
            _begin(upload, service, lease)
            return
        with _our_copy(upload) as file:
            ticket, draft = _begin(upload, service, lease)
            _post(upload, service, lease, ticket, draft, file)
    except AlbumNotReady:
        _back_in_line(upload, lease, next_at=timezone.now() + _ALBUM_WAIT)
    except FileNotFoundError:
        _give_up(upload, lease, "file_gone")
    except ProviderError as error:
        _nothing_was_sent(upload, lease, error)


def _our_copy(upload: Upload) -> BinaryIO:
    if not upload.file:
        raise FileNotFoundError
    return cast(BinaryIO, upload.file.open("rb"))


def _arrived_after_all(upload: Upload, service: PhotoService, lease: UploadLease) -> bool:
    """One last look for an earlier try before the file is sent again; then its ticket is given back."""
    ticket = open_ticket(upload)
    photo = look_for(upload, service, ticket) if ticket else None
    if photo is None and ticket and isinstance(service, UploadCallback):
        service.abandon_upload(ticket)
        photo = look_for(upload, service, ticket)
    if photo is None:
        return False
    _must(upload.move(Status.CONFIRMING, held_by=lease.owner))
    return save_photo(upload, lease, photo)


def _begin(upload: Upload, service: PhotoService, lease: UploadLease) -> tuple[Ticket, Draft]:
    """A ticket, saved before anything else happens: the callback may come while the file is sent."""
    draft = Draft(
        filename=upload.filename,
        media_type=upload.media_type,
        byte_size=upload.byte_size,
        title=upload.title,
        description=upload.description,
        tags=tuple(upload.tags),
        album_id=album_of(upload, service, lease),
    )
    key = new_callback_key()
    ticket = service.begin_upload(draft, callback_url(key))
    step("begun")
    note_ok(upload.account)
    changes: dict[str, Any] = {
        "ticket": seal_ticket(upload, ticket),
        "callback_key": key,
        "callback_deadline": ticket.callback_deadline,
        "tries": F("tries") + 1,
        "reason": "",
        "hint": "",
    }
    with lasting():
        is_saved = _save_ticket(upload, service, lease, ticket, changes)
    if not is_saved:
        abandon(service, ticket)
        raise LeaseLost
    step("ticket_saved")
    return ticket, draft


def _save_ticket(
    upload: Upload, service: PhotoService, lease: UploadLease, ticket: Ticket, changes: dict[str, Any]
) -> bool:
    if not isinstance(service, UploadCallback):
        return upload.change(held_by=lease.owner, **changes)
    if upload.route == Upload.Route.BROWSER:
        deadline = ticket.callback_deadline or timezone.now() + ACCEPTED
        changes |= {**RELEASED, "confirm_until": deadline, "next_at": timezone.now() + _CALLBACK_LOOK}
    return upload.move(Status.AWAITING_CALLBACK, held_by=lease.owner, **changes)


def _post(
    upload: Upload, service: PhotoService, lease: UploadLease, ticket: Ticket, draft: Draft, file: BinaryIO
) -> None:
    """The bytes. From here on an error may mean that they arrived."""
    lease.renew()
    try:
        photo_id = service.send_upload(ticket, draft, cast(BinaryIO, lease.watched(file)))
    except (OutcomeUnknown, ProtocolError) as error:
        note_trouble(upload.account, error)
        postpone(upload.account_id, next_look(upload, error))
        _to_confirming(upload, lease, until_doubt_ends=True, reason="outcome_unknown")
        return
    except Refused as error:
        _refused(upload, service, lease, ticket, error)
        return
    except ProviderError as error:
        abandon(service, ticket)
        _nothing_was_sent(upload, lease, error)
        return
    step("sent")
    named = seal_ticket(upload, ticket.with_photo(photo_id)) if photo_id else upload.ticket
    _to_confirming(upload, lease, until_doubt_ends=False, reason="", ticket=named)
    confirm_held(upload, service, lease)


def _refused(
    upload: Upload, service: PhotoService, lease: UploadLease, ticket: Ticket, error: Refused
) -> None:
    if (upload.account.kind, error.code) in ABOUT_THE_ACCOUNT:
        note_trouble(upload.account, error)
    decision = after_refusal(upload, error.code)
    if decision is Decision.LOOK:
        _to_confirming(upload, lease, until_doubt_ends=True, reason=error.code)
        return
    abandon(service, ticket)
    if decision is Decision.RETRY:
        _back_in_line(upload, lease, ticket="", reason=error.code, next_at=next_look(upload))
    else:
        _give_up(upload, lease, error.code or "refused", ticket="")


def _to_confirming(
    upload: Upload, lease: UploadLease, *, until_doubt_ends: bool, reason: str, **more: str
) -> None:
    """A callback may have moved the row already; the lease stays with us all the same."""
    until = end_of_doubt(upload) if until_doubt_ends else timezone.now() + upload.shown_within()
    changes: dict[str, Any] = {
        **more,
        "confirm_until": until,
        "reason": reason,
        "waits": 0,
        "next_at": timezone.now(),
    }
    if until_doubt_ends:
        changes |= RELEASED
    if not upload.move(Status.CONFIRMING, held_by=lease.owner, note=reason, **changes):
        _must(upload.change(held_by=lease.owner, **changes))


def _nothing_was_sent(upload: Upload, lease: UploadLease, error: ProviderError) -> None:
    """Back in line, later; or to the person, when the service will not have it."""
    code = error.code or type(error).__name__
    if isinstance(error, Refused | NotFound):
        if (upload.account.kind, error.code) in ABOUT_THE_ACCOUNT:
            note_trouble(upload.account, error)
        _give_up(upload, lease, error.code or "refused")
        return
    note_trouble(upload.account, error)
    if isinstance(error, ReconnectNeeded | ConsentNeeded):
        _back_in_line(upload, lease, reason=code, next_at=timezone.now())
    elif upload.waits >= MAX_WAITS:
        _give_up(upload, lease, "unavailable")
    else:
        again = next_look(upload, error)
        postpone(upload.account_id, again)
        _back_in_line(upload, lease, reason=code, waits=upload.waits + 1, next_at=again)


def _back_in_line(upload: Upload, lease: UploadLease, **changes: Any) -> None:
    note = str(changes.get("reason", ""))
    _must(upload.move(Status.QUEUED, held_by=lease.owner, note=note, **RELEASED, **changes))


def _give_up(upload: Upload, lease: UploadLease, reason: str, **changes: Any) -> None:
    _must(
        upload.move(
            Status.FAILED,
            held_by=lease.owner,
            note=reason,
            reason=reason,
            next_at=None,
            **RELEASED,
            **changes,
        )
    )


def _must(moved: bool) -> None:
    if not moved:
        raise LeaseLost
