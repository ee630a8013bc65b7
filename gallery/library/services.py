"""What the rest of the gallery may do with the library."""

from collections.abc import Sequence
from dataclasses import replace

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Album, Photo
from gallery.library.store import removal
from gallery.library.store.albums import write_album
from gallery.library.store.counters import writing
from gallery.library.store.photos import write_photos
from gallery.library.sync.run import request_sync
from providers.contract import entities

__all__ = ["add_photo", "choose_cover", "forget_photo", "remove_account", "request_sync", "save_album"]


def add_photo(account: LinkedAccount, photo: entities.Photo, album_ids: Sequence[str]) -> Photo:
    """A photo that its service confirmed, in the library at once; safe to repeat.

    `album_ids` are the albums it was put into, beside those that it names itself.
    """
    albums = dict.fromkeys([*(photo.album_ids or ()), *album_ids])
    result = write_photos(account, [replace(photo, album_ids=tuple(albums), is_pending=False)])
    return Photo.objects.get(pk=result.pks[0])


def save_album(account: LinkedAccount, album: entities.Album) -> Album:
    """An album that its service confirmed; safe to repeat."""
    return write_album(account, album)


def choose_cover(album: Album, photo: Photo | None) -> None:
    """The photo that stands for the album as long as it lies in it; None: the newest."""
    with writing(album.owner_id) as tally:
        Album.objects.filter(pk=album.pk).update(chosen_cover=photo)
        tally.touched_albums.add(album.pk)


def forget_photo(photo: Photo) -> None:
    """A photo that is no more at its service."""
    removal.remove_photos(photo.account, [photo.pk])


def remove_account(account: LinkedAccount) -> None:
    """Take down everything that hangs from an account that is leaving, then the account itself."""
    removal.empty_account(account)
    account.delete()
