"""Taking things out of the library, in batches, with the counters corrected in step."""

from collections.abc import Iterable, Sequence
from itertools import islice

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Album, AlbumPhoto, Collection, Photo, PhotoTag
from gallery.library.store.counters import Tally, writing
from gallery.library.store.photos import BATCH


def remove_photos(account: LinkedAccount, pks: Iterable[int]) -> int:
    """How many were there to be removed. Each batch is a transaction of its own."""
    left, total = iter(pks), 0
    while batch := list(islice(left, BATCH)):
        with writing(account.user_id) as tally:
            total += _remove_batch(account, batch, tally)
    return total


def _remove_batch(account: LinkedAccount, pks: Sequence[int], tally: Tally) -> int:
    photos = Photo.objects.filter(account=account, pk__in=pks)
    here = list(photos.values_list("pk", "taken_at"))
    places = AlbumPhoto.objects.filter(photo__in=[pk for pk, _ in here])
    tags = PhotoTag.objects.filter(photo__in=[pk for pk, _ in here])
    for _, taken_at in here:
        tally.take_photo(account.pk, taken_at)
    for album_pk in places.values_list("album_id", flat=True):
        tally.places[album_pk] -= 1
        tally.touched_albums.add(album_pk)
    for tag_pk in tags.values_list("tag_id", flat=True):
        tally.tags[tag_pk] -= 1
    places.delete()
    tags.delete()
    photos.only("pk").delete()
    return len(here)


def remove_places(album: Album, photo_pks: Iterable[int]) -> None:
    """Photos that no longer lie in the album; the photos themselves stay."""
    left = iter(photo_pks)
    while batch := list(islice(left, BATCH)):
        with writing(album.owner_id) as tally:
            removed, _ = AlbumPhoto.objects.filter(album=album, photo_id__in=batch).delete()
            tally.places[album.pk] -= removed
            tally.touched_albums.add(album.pk)


def remove_albums(account: LinkedAccount, pks: Sequence[int]) -> None:
    """Albums that are gone at their service, and the places in them."""
    for album in Album.objects.filter(account=account, pk__in=pks):
        while places := list(
            AlbumPhoto.objects.filter(album=album).values_list("photo_id", flat=True)[:BATCH]
        ):
            remove_places(album, places)
        with writing(account.user_id) as tally:
            collections = list(album.collections.values_list("pk", flat=True))
            album.delete()
            tally.albums[account.pk] -= 1
            for collection in Collection.objects.filter(pk__in=collections):
                collection.album_count = collection.places.count()
                collection.save(update_fields=["album_count"])


def empty_account(account: LinkedAccount) -> None:
    """Everything the library holds of an account, its cached pictures included; short transactions."""
    photos = Photo.objects.filter(account=account).order_by("pk")
    while batch := list(photos.values_list("pk", flat=True)[:BATCH]):
        remove_photos(account, batch)
    while albums := list(Album.objects.filter(account=account).values_list("pk", flat=True)[:BATCH]):
        remove_albums(account, albums)
    Collection.objects.filter(account=account).delete()
    account.cached_pictures.all().delete()
