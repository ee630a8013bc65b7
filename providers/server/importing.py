"""Brings a library from elsewhere to a built-in server; what differs between servers is a `LibraryWriter`."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Generic, TypeVar

from providers.server.manifest import Manifest, ManifestAlbum, ManifestPhoto

Album = TypeVar("Album")


class PhotoRefused(Exception):
    """The server does not take a photo; `code` is the protocol's own for the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LibraryWriter(ABC, Generic[Album]):
    """Writes into the library of one person on one server. The optional methods do nothing."""

    @abstractmethod
    def albums_by_title(self) -> dict[str, Album]:
        """The albums that are there already and may be filled."""

    @abstractmethod
    def add_album(self, entry: ManifestAlbum) -> Album:
        """A new album, with its date."""

    @abstractmethod
    def has_photo(self, photo: ManifestPhoto, taken_at: datetime) -> bool:
        """Whether an earlier import stored this photo."""

    @abstractmethod
    def add_photo(self, photo: ManifestPhoto, album: Album | None) -> None:
        """Store a photo. Raises PhotoRefused, with nothing stored."""

    def add_collections(self, manifest: Manifest, albums: Mapping[str, Album]) -> None:
        """The collections, where the service has such."""

    def add_highlights(self, manifest: Manifest, albums: Mapping[str, Album]) -> None:
        """What the service shows first, where it shows such."""


def import_library(writer: LibraryWriter[Album], manifest: Manifest) -> Iterator[tuple[ManifestPhoto, str]]:
    """Add everything; yields each photo with "" or the code for which it was refused.

    Albums that are there by the same title are filled, not made again; a photo that an earlier import
    stored is skipped, so that one that was interrupted can be run again.
    """
    albums = writer.albums_by_title()
    for entry in manifest.albums:
        if entry.title not in albums:
            albums[entry.title] = writer.add_album(entry)
    writer.add_collections(manifest, albums)
    for photo in manifest.photos:
        yield photo, _import_photo(writer, photo, albums.get(photo.album))
    writer.add_highlights(manifest, albums)


def _import_photo(writer: LibraryWriter[Album], photo: ManifestPhoto, album: Album | None) -> str:
    if photo.taken_at and writer.has_photo(photo, photo.taken_at):
        return ""
    try:
        writer.add_photo(photo, album)
    except PhotoRefused as refusal:
        return refusal.code
    return ""
