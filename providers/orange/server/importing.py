"""Bringing a library from elsewhere to this server, dates included. Collections, tags and comments stay out:
the service has none."""

from collections.abc import Iterator

from providers.orange.server.albums import create_album
from providers.orange.server.errors import ServiceError
from providers.orange.server.models import MediaObject, OrangeAccount, OrangeAlbum
from providers.orange.server.photo_store import store_photo
from providers.server.manifest import Manifest, ManifestPhoto


def import_library(account: OrangeAccount, manifest: Manifest) -> Iterator[tuple[ManifestPhoto, str]]:
    """Add everything; yields each photo with "" or the code for which it was refused.

    Albums that the account has by the same title are filled; a photo whose file name, size and date are
    there already is passed over, so that a broken-off import can be run again.
    """
    albums = _albums(account, manifest)
    for photo in manifest.photos:
        yield photo, _import_photo(account, photo, albums.get(photo.album))


def _albums(account: OrangeAccount, manifest: Manifest) -> dict[str, OrangeAlbum]:
    albums = {album.title: album for album in account.albums.all()}
    for entry in manifest.albums:
        if entry.title not in albums:
            album = create_album(account, entry.title)
            if entry.created_at:
                account.albums.filter(pk=album.pk).update(created_at=entry.created_at)
            albums[entry.title] = album
    return albums


def _import_photo(account: OrangeAccount, photo: ManifestPhoto, album: OrangeAlbum | None) -> str:
    rows = MediaObject.objects.filter(account=account)
    if (
        photo.taken_at
        and rows.filter(
            filename=photo.path.name, byte_size=photo.path.stat().st_size, created_at=photo.taken_at
        ).exists()
    ):
        return ""
    try:
        with photo.path.open("rb") as file:
            stored = store_photo(account, album, photo.title, photo.path.name, file)
    except ServiceError as refusal:
        return refusal.code
    if photo.taken_at:
        rows.filter(pk=stored.pk).update(created_at=photo.taken_at)
    return ""
