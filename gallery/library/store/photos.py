"""Photos into the library, in batches: their rows, places in albums and tags, with the counters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Album, AlbumPhoto, Photo, PhotoTag, Tag
from gallery.library.store.columns import (
    ONCE,
    PHOTO_COLUMNS,
    Derived,
    adapted_date,
    derive,
    fingerprint,
    insert,
    photo_values,
    tag_names,
)
from gallery.library.store.counters import Tally, writing
from providers.contract import entities

BATCH = 500


class Known(NamedTuple):
    """What a batch must know of a photo that is already here."""

    pk: int
    fingerprint: str
    taken_at: datetime
    ratio_class: str
    colour_class: str

    @property
    def derived(self) -> Derived:
        return Derived(taken_at=self.taken_at, ratio_class=self.ratio_class, colour_class=self.colour_class)


@dataclass(frozen=True, slots=True)
class Batch:
    """The photos of a batch that differ from the library, and what is known beside them."""

    account: LinkedAccount
    photos: Sequence[entities.Photo]
    known: dict[str, Known]
    prints: dict[str, str]
    albums: dict[str, int]
    names: dict[str, dict[str, str]]  # tags by photo: slug to name
    tally: Tally

    def pks_known(self) -> list[int]:
        return [self.known[photo.remote_id].pk for photo in self.photos if photo.remote_id in self.known]


class Row(NamedTuple):
    """A photo just written; its date as the database's driver takes it."""

    pk: int
    taken_at: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteResult:
    """`pks` of all photos of the batch, and whether anything was written."""

    pks: list[int]
    is_changed: bool = False


def write_photos(
    account: LinkedAccount, photos: Iterable[entities.Photo], *, album: Album | None = None
) -> WriteResult:
    """At most BATCH photos as their service tells them; nothing is written where nothing changed.

    Where a photo names its albums, its places become exactly those. `album` is the one being listed
    when they do not: the photos get a place in it and keep their others.
    """
    by_remote_id = {photo.remote_id: photo for photo in photos if not photo.is_pending}
    albums = _albums_named(account, by_remote_id.values())
    prints = {key: fingerprint(photo, _album_pks(photo, albums)) for key, photo in by_remote_id.items()}
    known = _known(account, prints)
    if not _differing(prints, known) and not _not_in(album, known):
        return WriteResult(pks=[row.pk for row in known.values()])
    with writing(account.user_id) as tally:
        known = _known(account, prints)  # again: now nobody else writes
        photos = [by_remote_id[key] for key in _differing(prints, known)]
        names = {photo.remote_id: tag_names(photo) for photo in photos}
        batch = Batch(account, photos, known, prints, albums, names, tally)
        rows = _write_rows(batch)
        _write_places(batch, rows)
        _write_tags(batch, rows)
        pks = {key: row.pk for key, row in known.items()} | {key: row.pk for key, row in rows.items()}
        if album is not None:
            _place_all(album, list(pks.values()), tally)
    return WriteResult(pks=list(pks.values()), is_changed=True)


def _known(account: LinkedAccount, remote_ids: Iterable[str]) -> dict[str, Known]:
    rows = Photo.objects.filter(account=account, remote_id__in=list(remote_ids))
    found = rows.values_list("remote_id", "pk", "fingerprint", "taken_at", "ratio_class", "colour_class")
    return {row[0]: Known(*row[1:]) for row in found}


def _differing(prints: dict[str, str], known: dict[str, Known]) -> list[str]:
    return [key for key, value in prints.items() if key not in known or known[key].fingerprint != value]


# Stands for the inbox among the albums named: services do not name it in a photo's answer.
_INBOX = ""


def _albums_named(account: LinkedAccount, photos: Iterable[entities.Photo]) -> dict[str, int]:
    """Album rows by remote id. One that we do not know yet counts as not told, until it is known."""
    named: set[str] = set()
    for photo in photos:
        named.update((_INBOX,) if photo.album_ids == () else photo.album_ids or ())
    if not named:
        return {}
    rows = Album.objects.filter(account=account)
    found = dict(rows.filter(remote_id__in=named).values_list("remote_id", "pk"))
    if _INBOX in named and (inbox := rows.filter(is_inbox=True).values_list("pk", flat=True).first()):
        found[_INBOX] = inbox
    return found


def _album_pks(photo: entities.Photo, albums: dict[str, int]) -> set[int]:
    """A photo that is in no album lies in the inbox, where its service has one."""
    if photo.album_ids == ():
        return {albums[_INBOX]} if _INBOX in albums else set()
    return {albums[remote_id] for remote_id in photo.album_ids or () if remote_id in albums}


def _write_rows(batch: Batch) -> dict[str, Row]:
    now, dates, values = timezone.now(), {}, []
    added_at = adapted_date(now)
    for photo in batch.photos:
        key, was = photo.remote_id, batch.known.get(photo.remote_id)
        dates[key] = photo.taken_at or photo.created_at or (was.taken_at if was else now)
        derived = derive(photo, dates[key], was.derived if was else None)
        names = batch.names[key].values()
        values.append(photo_values(batch.account, photo, names, derived, batch.prints[key], added_at))
        if was is None:
            batch.tally.add_photo(batch.account.pk, dates[key])
        elif was.taken_at != dates[key]:
            batch.tally.move_photo(was.taken_at, dates[key])
            _move_date(was.pk, dates[key], batch.tally)
    inserted = insert(
        Photo,
        PHOTO_COLUMNS,
        values,
        unique=("account_id", "remote_id"),
        preserved=ONCE,
        returning=("remote_id", "id"),
    )
    return {remote_id: Row(pk, adapted_date(dates[remote_id])) for remote_id, pk in inserted}


def _move_date(photo_pk: int, taken_at: datetime, tally: Tally) -> None:
    places = AlbumPhoto.objects.filter(photo_id=photo_pk)
    places.update(taken_at=taken_at)
    tally.touched_albums.update(places.values_list("album_id", flat=True))
    PhotoTag.objects.filter(photo_id=photo_pk).update(taken_at=taken_at)


def _write_places(batch: Batch, rows: dict[str, Row]) -> None:
    """The places of photos that name their albums: exactly those."""
    naming = [photo for photo in batch.photos if photo.album_ids is not None]
    named = {rows[photo.remote_id].pk for photo in naming}
    places = AlbumPhoto.objects.filter(photo_id__in=named.intersection(batch.pks_known()))
    had = set(places.values_list("photo_id", "album_id"))
    wanted = {(rows[photo.remote_id].pk, pk) for photo in naming for pk in _album_pks(photo, batch.albums)}
    for photo_pk, album_pk in had - wanted:
        AlbumPhoto.objects.filter(photo_id=photo_pk, album_id=album_pk).delete()
        batch.tally.places[album_pk] -= 1
        batch.tally.touched_albums.add(album_pk)
    dates = dict(rows.values())
    _add_places([(pk, album_pk, dates[pk]) for pk, album_pk in sorted(wanted - had)], batch.tally)


def _add_places(places: Sequence[tuple[int, int, Any]], tally: Tally) -> None:
    insert(AlbumPhoto, ("photo_id", "album_id", "taken_at"), places)
    tally.places.update(album for _, album, _ in places)
    tally.touched_albums.update(album for _, album, _ in places)


def _not_in(album: Album | None, known: dict[str, Known]) -> set[int]:
    """Which of the photos have no place in the album being listed."""
    pks = {row.pk for row in known.values()}
    return _without_place(album, pks) if album else set()


def _without_place(album: Album, pks: set[int]) -> set[int]:
    return pks - set(
        AlbumPhoto.objects.filter(album=album, photo_id__in=pks).values_list("photo_id", flat=True)
    )


def _place_all(album: Album, pks: list[int], tally: Tally) -> None:
    missing = Photo.objects.filter(pk__in=_without_place(album, set(pks)))
    dates = missing.values_list("pk", "taken_at")
    _add_places([(pk, album.pk, adapted_date(taken_at)) for pk, taken_at in dates], tally)


def _write_tags(batch: Batch, rows: dict[str, Row]) -> None:
    names = {slug: name for named in batch.names.values() for slug, name in reversed(named.items())}
    tags = _tags(batch.account.user_id, names)
    wanted = {(rows[key].pk, tags[slug]) for key, named in batch.names.items() for slug in named}
    had = set(PhotoTag.objects.filter(photo_id__in=batch.pks_known()).values_list("photo_id", "tag_id"))
    for photo_pk, tag_pk in had - wanted:
        PhotoTag.objects.filter(photo_id=photo_pk, tag_id=tag_pk).delete()
        batch.tally.tags[tag_pk] -= 1
    dates = dict(rows.values())
    added = [(photo_pk, tag_pk, dates[photo_pk]) for photo_pk, tag_pk in sorted(wanted - had)]
    insert(PhotoTag, ("photo_id", "tag_id", "taken_at"), added)
    batch.tally.tags.update(tag_pk for _, tag_pk, _ in added)


def _tags(owner_id: int, names: dict[str, str]) -> dict[str, int]:
    """Tag rows by slug, made where there was none."""
    rows = Tag.objects.filter(owner_id=owner_id, slug__in=names)
    found = dict(rows.values_list("slug", "pk"))
    new = [Tag(owner_id=owner_id, slug=slug, name=name) for slug, name in names.items() if slug not in found]
    if new:
        Tag.objects.bulk_create(new)
        found |= {tag.slug: tag.pk for tag in new}
    return found
