"""Bringing a library from elsewhere to this server, dates and comments included."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from providers.sapo.server.auth.keys import new_uid
from providers.sapo.server.auth.people import NewAlbum, add_album
from providers.sapo.server.models import (
    Album,
    Collection,
    CollectionAlbum,
    Comment,
    Highlight,
    Image,
    ImageAlbum,
    Person,
)
from providers.sapo.server.photo_store import remove_image, reshelve, shelve, sort_key
from providers.sapo.server.upload.accept import UploadRefused, store_image
from providers.sapo.server.upload.derive_metadata import look_at
from providers.server.manifest import Manifest, ManifestPhoto


def import_library(owner: Person, manifest: Manifest) -> Iterator[tuple[ManifestPhoto, str]]:
    """Add everything; yields each photo with "" or the status for which it was refused.

    Albums that the owner has by the same title are filled, not made again; a photo whose file name,
    size and date are there already is passed over, so that a broken-off import can be run again.
    """
    albums = _albums(owner, manifest)
    _collections(owner, manifest, albums)
    for photo in manifest.photos:
        yield photo, _import_photo(owner, photo, albums.get(photo.album))
    _put_forward(owner, manifest, albums)


def _albums(owner: Person, manifest: Manifest) -> dict[str, Album]:
    albums = {album.title: album for album in Album.objects.filter(owner=owner, is_special=False)}
    for entry in manifest.albums:
        if entry.title not in albums:
            album = add_album(owner, NewAlbum(title=entry.title[:200], description=entry.description))
            if entry.created_at:
                album.created_at = entry.created_at
                album.save(update_fields=["created_at"])
            albums[entry.title] = album
    return albums


def _collections(owner: Person, manifest: Manifest, albums: dict[str, Album]) -> None:
    for entry in manifest.collections:
        collection, _ = Collection.objects.get_or_create(
            owner=owner,
            title=entry.title[:200],
            defaults={"description": entry.description, "title_key": sort_key(entry.title)[:100]},
        )
        for position, title in enumerate(entry.albums):
            if title in albums:
                CollectionAlbum.objects.get_or_create(
                    collection=collection, album=albums[title], defaults={"position": position}
                )


def _put_forward(owner: Person, manifest: Manifest, albums: dict[str, Album]) -> None:
    """What the service shows first, and its owner with it."""
    wanted: list[dict[str, Any]] = [
        {"album": albums[title]} for title in manifest.highlighted_albums if title in albums
    ]
    wanted += [{"tag": tag[:100]} for tag in manifest.highlighted_tags]
    wanted += [{"person": owner}] if wanted else []
    for position, target in enumerate(wanted):
        Highlight.objects.get_or_create(**target, defaults={"position": position})


def _import_photo(owner: Person, photo: ManifestPhoto, album: Album | None) -> str:
    taken_at = photo.taken_at or timezone.now()
    if photo.taken_at and _is_there(owner, photo.path, photo.taken_at):
        return ""
    image = Image(
        uid=new_uid(),
        owner=owner,
        title=photo.title[:200],
        synopse=photo.description,
        tags=",".join(photo.tags),
        created_at=taken_at,
    )
    shelve(image)
    try:
        _store_copy(image, photo.path)
    except UploadRefused as refusal:
        remove_image(image)
        return refusal.status.value
    if album is not None:
        with reshelve(image) as row:
            ImageAlbum.objects.get_or_create(image=row, album=album, defaults={"created_at": taken_at})
    Comment.objects.bulk_create(
        Comment(image=image, nickname=author[:60], body=body, created_at=taken_at)
        for author, body in photo.comments
    )
    return ""


def _is_there(owner: Person, path: Path, taken_at: datetime) -> bool:
    return Image.objects.filter(
        owner=owner, created_at=taken_at, byte_size=path.stat().st_size, is_pending=False
    ).exists()


def _store_copy(image: Image, path: Path) -> None:
    """`store_image` moves its file away: it gets a copy."""
    with tempfile.TemporaryDirectory(prefix="pomar-import-") as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        look_at(store_image(image, copy))
