"""Wishes about photos, and carrying them out. One change of a photo at a time, in their order."""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from gallery.accounts.models import LinkedAccount
from gallery.accounts.services import note_ok, note_trouble, open_service
from gallery.changes.apply import carry_out
from gallery.changes.models import Change
from gallery.library.models import Photo
from gallery.library.services import forget_photo, request_sync
from providers.contract.errors import (
    ConsentNeeded,
    NotFound,
    ProviderError,
    RateLimited,
    ReconnectNeeded,
    Refused,
    TemporaryError,
)
from providers.linking import vault
from providers.vault import CannotOpen

log = logging.getLogger(__name__)

Status = Change.Status
# As long as the calls of one change can last by the limits of http.py, and room to spare.
LEASE = timedelta(seconds=200)
MAX_TRIES = 8
_PURPOSE = "change"
_SOON, _LATER = timedelta(seconds=3), timedelta(seconds=60)


def wish(photo: Photo, kind: Change.Kind, content: Mapping[str, object]) -> Change:
    """Keep what the person wants and ring for it."""
    text = json.dumps(content)
    with transaction.atomic():
        change = Change.objects.create(
            owner_id=photo.owner_id,
            account_id=photo.account_id,
            photo=photo,
            photo_remote_id=photo.remote_id,
            kind=kind,
            sealed_wish=vault.seal(text, _PURPOSE, str(photo.account_id), photo.remote_id),
            next_at=timezone.now(),
        )
        transaction.on_commit(lambda: _ring(change.pk))
    return change


def edit(photo: Photo, fields: Mapping[str, object]) -> Change:
    """`fields` as providers.contract.base.PhotoEditing.edit_photo takes them; what is not named stays."""
    return wish(photo, Change.Kind.EDIT, fields)


def delete(photo: Photo) -> Change:
    """Asked for twice, it is done once."""
    open_ones = Change.objects.filter(photo=photo, kind=Change.Kind.DELETE)
    open_one = open_ones.exclude(status__in=[Status.DONE, Status.FAILED]).first()
    return open_one or wish(photo, Change.Kind.DELETE, {})


def place(photo: Photo, added: Sequence[str], removed: Sequence[str]) -> Change:
    """Into and out of these albums (remote ids); what is not named stays as it is there."""
    return wish(photo, Change.Kind.ALBUMS, {"added": list(added), "removed": list(removed)})


def apply_change(change_id: int) -> None:
    """Carry out one change, if nobody else is at it and none before it for the same photo is open."""
    change = _claim(change_id)
    if change is None:
        return
    if change.tries > MAX_TRIES:  # the worker died at it again and again
        _end(change, Status.FAILED, "broken")
        return
    if earlier := _open_before(change):
        _put_back(change, _after(earlier), tries=change.tries - 1)
        return
    try:
        content = json.loads(
            vault.open(change.sealed_wish, _PURPOSE, str(change.account_id), change.photo_remote_id)
        )
        carry_out(change, open_service(change.account), content)
    except CannotOpen:
        _end(change, Status.FAILED, "lost")
    except ProviderError as error:
        _after_trouble(change, error)
    else:
        note_ok(change.account)
        _end(change, Status.DONE)


def _claim(change_id: int) -> Change | None:
    """The change, if it is due and was free: one UPDATE decides between two workers."""
    now = timezone.now()
    died = Q(status=Status.WORKING, lease_until__lt=now)
    due = Q(status=Status.WAITING, next_at__lte=now)
    rows = Change.objects.filter(pk=change_id).filter(died | due)
    until = now + LEASE
    if not rows.update(status=Status.WORKING, lease_until=until, tries=F("tries") + 1):
        return None
    mine = Change.objects.filter(pk=change_id, lease_until=until)
    return mine.select_related("account", "photo").first()


def _open_before(change: Change) -> Change | None:
    earlier = Change.objects.filter(account=change.account, photo_remote_id=change.photo_remote_id)
    still_open = earlier.filter(pk__lt=change.pk, status__in=[Status.WAITING, Status.WORKING])
    return still_open.order_by("pk").first()


def _after(earlier: Change) -> datetime:
    """When to look again at a change that waits for an earlier one."""
    now = timezone.now()
    if earlier.status == Status.WORKING:
        return now + _SOON
    return min(max(earlier.next_at or now + _LATER, now + _SOON), now + _LATER)


def _after_trouble(change: Change, error: ProviderError) -> None:
    if not isinstance(error, Refused):  # a refused change says nothing of the account
        note_trouble(change.account, error)
    if isinstance(error, ReconnectNeeded | ConsentNeeded):
        # It goes on by itself when the account works again (resume_waiting).
        code = "consent" if isinstance(error, ConsentNeeded) else "reconnect"
        # Unless it works again already: then that was the old key's refusal.
        next_at = None if change.account.needs_person else timezone.now()
        _put_back(change, next_at, tries=change.tries - 1, reason=code)
    elif isinstance(error, TemporaryError) and change.tries < MAX_TRIES:
        wait = error.retry_after if isinstance(error, RateLimited) else min(5 * 2**change.tries, 600)
        _put_back(change, timezone.now() + timedelta(seconds=wait), reason="unreachable")
    elif isinstance(error, TemporaryError):
        _end(change, Status.FAILED, "unavailable")
    elif isinstance(error, NotFound):
        _after_not_found(change)
    else:
        log.warning("change %s: %s", change.pk, error)
        _end(change, Status.FAILED, error.code or "refused")


def _after_not_found(change: Change) -> None:
    """A photo that is gone there leaves the library too; an album that is gone says nothing of the photo."""
    if change.kind == Change.Kind.ALBUMS:
        request_sync(change.account)
        _end(change, Status.FAILED, "album_gone")
        return
    if change.photo is not None:
        forget_photo(change.photo)
    _end(change, Status.DONE if change.kind == Change.Kind.DELETE else Status.FAILED, "not_found")


def _mine(change: Change) -> Q:
    """The row while this worker's lease on it holds; after that another one may be at it."""
    return Q(pk=change.pk, status=Status.WORKING, lease_until=change.lease_until)


def _put_back(change: Change, when: datetime | None, **changes: object) -> None:
    Change.objects.filter(_mine(change)).update(
        status=Status.WAITING, lease_until=None, next_at=when, updated_at=timezone.now(), **changes
    )


def _end(change: Change, status: Status, reason: str = "") -> None:
    """The wish itself is forgotten: what it held is at the service now, or of no use."""
    Change.objects.filter(_mine(change)).update(
        status=status,
        reason=reason,
        sealed_wish="",
        lease_until=None,
        next_at=None,
        updated_at=timezone.now(),
    )


def resume_waiting(account: LinkedAccount) -> None:
    rows = Change.objects.filter(account=account, status=Status.WAITING, next_at=None)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    Change.objects.filter(pk__in=ids).update(next_at=timezone.now())
    for change_id in ids:
        _ring(change_id)


def sweep_changes() -> int:
    """Ring for what is due and for what a dead worker left; returns for how many."""
    now = timezone.now()
    due = Change.objects.filter(
        Q(status=Status.WAITING, next_at__lte=now) | Q(status=Status.WORKING, lease_until__lt=now)
    )
    ids = list(due.order_by("pk").values_list("pk", flat=True)[:200])
    for change_id in ids:
        _ring(change_id)
    return len(ids)


def _ring(change_id: int) -> None:
    """A lost bell is no harm: the sweep rings again."""
    try:
        current_app.send_task("gallery.changes.tasks.apply_change", [change_id], retry=False)
    except (OperationalError, OSError):
        log.warning("the queue does not answer; the sweep will ring for change %s", change_id)
