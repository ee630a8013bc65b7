"""Writes imported libraries, dates included. Collections, tags and comments are left out: the service has
none."""

from datetime import datetime

from providers.orange.server.albums import create_album
from providers.orange.server.errors import ServiceError
from providers.orange.server.models import MediaObject, OrangeAccount, OrangeAlbum
from providers.orange.server.photo_store import store_photo
from providers.server.importing import LibraryWriter, PhotoRefused
from providers.server.manifest import ManifestAlbum, ManifestPhoto


class OrangeWriter(LibraryWriter[OrangeAlbum]):
    def __init__(self, account: OrangeAccount) -> None:
        self._account = account

    def albums_by_title(self) -> dict[str, OrangeAlbum]:
        return {album.title: album for album in self._account.albums.all()}

    def add_album(self, entry: ManifestAlbum) -> OrangeAlbum:
        album = create_album(self._account, entry.title)
        if entry.created_at:
            self._account.albums.filter(pk=album.pk).update(created_at=entry.created_at)
        return album

    def has_photo(self, photo: ManifestPhoto, taken_at: datetime) -> bool:
        size = photo.path.stat().st_size
        stored = MediaObject.objects.filter(account=self._account, created_at=taken_at)
        return stored.filter(filename=photo.path.name, byte_size=size).exists()

    def add_photo(self, photo: ManifestPhoto, album: OrangeAlbum | None) -> None:
        try:
            with photo.path.open("rb") as file:
                stored = store_photo(self._account, album, photo.title, photo.path.name, file)
        except ServiceError as refusal:
            raise PhotoRefused(refusal.code) from None
        if photo.taken_at:
            MediaObject.objects.filter(pk=stored.pk).update(created_at=photo.taken_at)
