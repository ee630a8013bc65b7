"""Writes imported libraries, with dates, collections, comments and highlights."""

import shutil
import tempfile
from collections.abc import Mapping
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
from providers.sapo.server.photo_store import remove_image, save_new_image, sort_key, update_image
from providers.sapo.server.upload.accept import UploadRefused, store_image
from providers.sapo.server.upload.derive_metadata import derive_metadata
from providers.server.importing import LibraryWriter, PhotoRefused
from providers.server.manifest import Manifest, ManifestAlbum, ManifestPhoto


class SapoWriter(LibraryWriter[Album]):
    def __init__(self, owner: Person) -> None:
        self._owner = owner

    def albums_by_title(self) -> dict[str, Album]:
        albums = Album.objects.filter(owner=self._owner, is_special=False)
        return {album.title: album for album in albums}

    def add_album(self, entry: ManifestAlbum) -> Album:
        album = add_album(self._owner, NewAlbum(title=entry.title[:200], description=entry.description))
        if entry.created_at:
            album.created_at = entry.created_at
            album.save(update_fields=["created_at"])
        return album

    def has_photo(self, photo: ManifestPhoto, taken_at: datetime) -> bool:
        size = photo.path.stat().st_size
        stored = Image.objects.filter(owner=self._owner, is_pending=False)
        return stored.filter(created_at=taken_at, byte_size=size).exists()

    def add_photo(self, photo: ManifestPhoto, album: Album | None) -> None:
        image = Image(
            uid=new_uid(),
            owner=self._owner,
            title=photo.title[:200],
            synopse=photo.description,
            tags=",".join(photo.tags),
            created_at=photo.taken_at or timezone.now(),
        )
        save_new_image(image)
        try:
            _store_copy(image, photo.path)
        except UploadRefused as refusal:
            remove_image(image)
            raise PhotoRefused(refusal.status.value) from None
        if album is not None:
            with update_image(image) as row:
                ImageAlbum.objects.get_or_create(
                    image=row, album=album, defaults={"created_at": image.created_at}
                )
        Comment.objects.bulk_create(
            Comment(image=image, nickname=author[:60], body=body, created_at=image.created_at)
            for author, body in photo.comments
        )

    def add_collections(self, manifest: Manifest, albums: Mapping[str, Album]) -> None:
        for entry in manifest.collections:
            collection, _ = Collection.objects.get_or_create(
                owner=self._owner,
                title=entry.title[:200],
                defaults={"description": entry.description, "title_key": sort_key(entry.title)[:100]},
            )
            for position, title in enumerate(entry.albums):
                if title in albums:
                    CollectionAlbum.objects.get_or_create(
                        collection=collection, album=albums[title], defaults={"position": position}
                    )

    def add_highlights(self, manifest: Manifest, albums: Mapping[str, Album]) -> None:
        """The owner is highlighted too when anything of theirs is."""
        targets: list[dict[str, Any]] = [
            {"album": albums[title]} for title in manifest.highlighted_albums if title in albums
        ]
        targets += [{"tag": tag[:100]} for tag in manifest.highlighted_tags]
        targets += [{"person": self._owner}] if targets else []
        for position, target in enumerate(targets):
            Highlight.objects.get_or_create(**target, defaults={"position": position})


def _store_copy(image: Image, path: Path) -> None:
    """`store_image` moves its file away: it gets a copy."""
    with tempfile.TemporaryDirectory(prefix="pomar-import-") as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        derive_metadata(store_image(image, copy))
