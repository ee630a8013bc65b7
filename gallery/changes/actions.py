"""What each kind of change does at the service, and then in the library."""

from collections.abc import Mapping

from gallery.changes.models import Change
from gallery.library.services import forget_photo
from gallery.library.store.photos import write_photos
from providers.contract.base import AlbumMembership, PhotoEditing, PhotoService
from providers.contract.errors import Refused


def act(change: Change, service: PhotoService, content: Mapping[str, object]) -> None:
    """Raises the service's errors; Refused too when it cannot do this at all."""
    if change.kind == Change.Kind.ALBUMS:
        _place(change, service, content)
    elif not isinstance(service, PhotoEditing):
        raise _cannot(change)
    elif change.kind == Change.Kind.DELETE:
        service.delete_photo(change.photo_remote_id)
        if change.photo is not None:
            forget_photo(change.photo)
    else:
        photo = service.edit_photo(change.photo_remote_id, content)
        write_photos(change.account, [photo])


def _place(change: Change, service: PhotoService, content: Mapping[str, object]) -> None:
    added, removed = content.get("added"), content.get("removed")
    if not isinstance(service, AlbumMembership) or not isinstance(service, PhotoEditing):
        raise _cannot(change)
    assert isinstance(added, list) and isinstance(removed, list)
    if added:
        service.add_to_albums(change.photo_remote_id, added)
    if removed:
        service.remove_from_albums(change.photo_remote_id, removed)
    write_photos(change.account, [service.photo(change.photo_remote_id)])


def _cannot(change: Change) -> Refused:
    return Refused(
        "the service cannot do this", provider=change.account.kind, operation=change.kind, code="not_possible"
    )
