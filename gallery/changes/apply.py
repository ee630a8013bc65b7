"""Applying a requested change at its service, and what follows from the answer."""

import logging
from datetime import datetime

from django.utils import timezone

from gallery.accounts.services import note_ok, note_trouble, open_service
from gallery.changes.actions import act
from gallery.changes.models import Change
from gallery.changes.services import content_of
from gallery.jobs.backoff import Backoff
from gallery.jobs.lease import Lease
from gallery.library.services import forget_photo, request_sync
from providers.contract.errors import (
    ConsentNeeded,
    NotFound,
    ProviderError,
    ReconnectNeeded,
    Refused,
    TemporaryError,
)
from providers.vault import CannotOpen

log = logging.getLogger(__name__)
Status = Change.Status
MAX_TRIES = 8
_BACKOFF = Backoff(first=5.0, longest=600.0)


def apply_change(change: Change, lease: Lease) -> None:
    """Apply a change that is ours as long as the lease holds.

    It says how the photo shall be, so that one whose outcome is unknown is simply applied again.
    """
    with lease:
        if change.tries > MAX_TRIES:  # the worker died at it again and again
            _end(lease, Status.FAILED, "broken")
            return
        try:
            act(change, open_service(change.account), content_of(change))
        except CannotOpen:
            _end(lease, Status.FAILED, "lost")
        except ProviderError as error:
            _after_trouble(change, lease, error)
        else:
            note_ok(change.account)
            _end(lease, Status.DONE)


def _after_trouble(change: Change, lease: Lease, error: ProviderError) -> None:
    if not isinstance(error, Refused):  # a refused change says nothing of the account
        note_trouble(change.account, error)
    if isinstance(error, ReconnectNeeded | ConsentNeeded):
        # It goes on by itself when the account works again (services.resume_waiting).
        code = "consent" if isinstance(error, ConsentNeeded) else "reconnect"
        # Unless it works again already: then that was the old key's refusal.
        next_at = None if change.account.needs_person else timezone.now()
        _put_back(lease, next_at, tries=change.tries - 1, reason=code)
    elif isinstance(error, TemporaryError) and change.tries < MAX_TRIES:
        _put_back(lease, _BACKOFF.next_at(change.tries, error), reason="unreachable")
    elif isinstance(error, TemporaryError):
        _end(lease, Status.FAILED, "unavailable")
    elif isinstance(error, NotFound):
        _after_not_found(change, lease)
    else:
        log.warning("change %s: %s", change.pk, error)
        _end(lease, Status.FAILED, error.code or "refused")


def _after_not_found(change: Change, lease: Lease) -> None:
    """A photo that is gone there leaves the library too; an album that is gone says nothing of the photo."""
    if change.kind == Change.Kind.ALBUMS:
        request_sync(change.account)
        _end(lease, Status.FAILED, "album_gone")
        return
    if change.photo is not None:
        forget_photo(change.photo)
    _end(lease, Status.DONE if change.kind == Change.Kind.DELETE else Status.FAILED, "not_found")


def _put_back(lease: Lease, when: datetime | None, **changes: object) -> None:
    lease.release(status=Status.WAITING, next_at=when, updated_at=timezone.now(), **changes)


def _end(lease: Lease, status: Status, reason: str = "") -> None:
    """What was wanted is forgotten: it is at the service now, or of no use."""
    lease.release(status=status, reason=reason, sealed_request="", next_at=None, updated_at=timezone.now())
