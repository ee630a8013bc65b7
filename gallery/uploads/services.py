"""What a person can do with an upload, and what the accounts tell us."""

import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.jobs.kinds import Kind
from gallery.jobs.queue import wake_after_commit
from gallery.library.models import Album
from gallery.uploads.files import delete_file
from gallery.uploads.models import Upload, UploadBatch, UploadEvent
from gallery.uploads.receiving.accept import Wanted, is_callback_kind, new_upload, open_batch
from gallery.uploads.receiving.shrink import smaller_copy
from gallery.uploads.states import UNFINISHED, Status

_RESTING = (Status.FAILED, Status.CANCELLED, Status.ASKING)  # nobody works on these
_FRESH: dict[str, Any] = {"tries": 0, "waits": 0, "reason": "", "hint": "", "sent_bytes": 0}


def retry_upload(upload: Upload) -> bool:
    """Back in line at the person's word. False when there is nothing to retry."""
    if upload.route == Upload.Route.WORKER and not upload.file:
        return False
    return _line_up(upload, note="asked for")


def send_anyway(upload: Upload) -> bool:
    """Send a picture that is already there."""
    return upload.status == Status.ASKING and _line_up(upload, note="keep both")


def cancel_upload(upload: Upload) -> bool:
    """Take it out of the line; the file is kept a while, in case. False once it is on its way."""
    return upload.move(Status.CANCELLED, note="asked for", next_at=None)


def send_changed(upload: Upload, account: LinkedAccount, album: Album | None, wanted: Wanted) -> bool:
    """Send a file that did not arrive with other words, or to another account of the same person."""
    if upload.status != Status.FAILED or not upload.file:
        return False
    changes: dict[str, Any] = {
        "title": wanted.title or upload.title,
        "description": wanted.description,
        "tags": list(wanted.tags),
    }
    with transaction.atomic():
        if account != upload.account or album != upload.batch.album:
            key = f"from-{upload.pk}-{secrets.token_hex(8)}"
            changes |= {
                "batch": open_batch(account, key, album),
                "account": account,
                "takes_turns": not is_callback_kind(account),
                # What the other account may have of it is settled: an open question is not carried over.
                "ticket": "",
            }
        return _line_up(upload, note="changed", **changes)


def send_smaller(upload: Upload) -> bool:
    """Send a smaller copy in place of a file that was refused. False when there is none to be had."""
    changes = smaller_copy(upload) if upload.status == Status.FAILED and upload.file else None
    if changes is None:
        return False
    old, new = upload.file.name, changes["file"]
    moved = _line_up(upload, note="smaller copy", **changes)
    delete_file(old if moved else new)
    return moved


def start_browser_upload(batch: UploadBatch, wanted: Wanted) -> Upload:
    """An upload whose file the person's own browser will bring to the service.

    A form that was sent twice gets one ticket.
    """
    with transaction.atomic():
        UploadBatch.objects.select_for_update().get(pk=batch.pk)
        row = new_upload(batch, wanted, wanted.title or "photo")
        words = {name: row[name] for name in ("title", "description", "tags")}
        going = batch.uploads.filter(route=Upload.Route.BROWSER, status__in=UNFINISHED, **words).first()
        if going is not None:
            return going
        upload = Upload.objects.create(**row, route=Upload.Route.BROWSER)
        UploadEvent.objects.create(upload=upload, went_to=upload.status)
        wake_after_commit(Kind.UPLOADS)
    return upload


def resume_waiting(account: LinkedAccount) -> int:
    """The account works again: what waited for it goes on at once. Returns how many uploads."""
    waiting = Upload.objects.filter(account=account, status__in=[Status.QUEUED, Status.CONFIRMING])
    now = timezone.now()
    count = waiting.update(next_at=now, waits=0, updated_at=now)
    wake_after_commit(Kind.UPLOADS)
    return count


def _line_up(upload: Upload, note: str, **changes: Any) -> bool:
    now = timezone.now()
    if upload.status not in _RESTING:
        return False  # a worker may be sending it: lined up again it would be sent twice
    resting = Status(upload.status)
    moved = upload.move(Status.QUEUED, only_from=resting, note=note, next_at=now, **_FRESH, **changes)
    if moved:
        wake_after_commit(Kind.UPLOADS)
    return moved
