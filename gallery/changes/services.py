"""What a person wants changed about photos: written down, and applied by a worker."""

import json
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.changes.models import Change
from gallery.jobs.kinds import Kind
from gallery.jobs.queue import wake_after_commit
from gallery.library.models import Photo
from providers.linking import vault

Status = Change.Status
_PURPOSE = "change"


def request_change(photo: Photo, kind: Change.Kind, content: Mapping[str, object]) -> Change:
    """Write down what the person wants and wake a worker."""
    with transaction.atomic():
        change = Change.objects.create(
            owner_id=photo.owner_id,
            account_id=photo.account_id,
            photo=photo,
            photo_remote_id=photo.remote_id,
            kind=kind,
            sealed_request=vault().seal(json.dumps(content), *_binding(photo.account_id, photo.remote_id)),
            next_at=timezone.now(),
        )
        wake_after_commit(Kind.CHANGES)
    return change


def content_of(change: Change) -> Mapping[str, object]:
    """What the person wants. Raises CannotOpen when its key was taken out of the vault."""
    sealed = vault().open(change.sealed_request, *_binding(change.account_id, change.photo_remote_id))
    content: Mapping[str, object] = json.loads(sealed)
    return content


def _binding(account_id: int, remote_id: str) -> tuple[str, str, str]:
    return _PURPOSE, str(account_id), remote_id


def edit(photo: Photo, fields: Mapping[str, object]) -> Change:
    """`fields` as providers.contract.base.PhotoEditing.edit_photo takes them; what is not named stays."""
    return request_change(photo, Change.Kind.EDIT, fields)


def delete(photo: Photo) -> Change:
    """Asked for twice, it is done once."""
    open_ones = Change.objects.filter(photo=photo, kind=Change.Kind.DELETE)
    open_one = open_ones.exclude(status__in=[Status.DONE, Status.FAILED]).first()
    return open_one or request_change(photo, Change.Kind.DELETE, {})


def place(photo: Photo, added: Sequence[str], removed: Sequence[str]) -> Change:
    """Into and out of these albums (remote ids); what is not named stays as it is there."""
    return request_change(photo, Change.Kind.ALBUMS, {"added": list(added), "removed": list(removed)})


def resume_waiting(account: LinkedAccount) -> None:
    """The account works again: what waited for its owner goes on at once."""
    rows = Change.objects.filter(account=account, status=Status.WAITING, next_at=None)
    rows.update(next_at=timezone.now())
    wake_after_commit(Kind.CHANGES)
