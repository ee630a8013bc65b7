"""Lists of photos in one order: the timeline, an album, a tag, what a search found.

Only what a tile prints is read. A photo's page walks along the same list that it was opened from.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gallery.library.keyset import Order, Place, read_place
from gallery.library.models import Album, AlbumPhoto, Photo, PhotoTag, Tag
from gallery.library.picture_urls import shape, sources
from gallery.library.store.columns import tag_slug
from gallery.library.tiles import Tile
from gallery.ownership import Viewer
from gallery.presentation.dates import day_text

PAGE_SIZE = 60
_FIELDS = (
    *("pk", "title", "filename", "taken_at", "width", "height"),
    *("ratio_class", "colour_class", "picture_key"),
)


class PhotoRow(NamedTuple):
    """What a tile is made of."""

    pk: int
    title: str
    filename: str
    taken_at: datetime
    width: int | None
    height: int | None
    ratio_class: str
    colour_class: str
    picture_key: str

    @property
    def place(self) -> Place:
        return Place(self.taken_at, self.pk)

    @property
    def name(self) -> str:
        return self.title or self.filename

    @property
    def alt(self) -> str:
        """The title, else the file's name and the date."""
        if self.title:
            return self.title
        day = day_text(self.taken_at)
        return f"{self.filename}, {day}" if self.filename else _("Photo of %(day)s") % {"day": day}


class PhotoList:
    """Photos in order. `context` is how a photo's address names the list it was opened from."""

    def __init__(
        self, query: "QuerySet[Any]", *, prefix: str = "", context: str = "", is_newest_first: bool = True
    ) -> None:
        self.context = context
        self._query = query
        self._fields = [f"{prefix}{name}" for name in _FIELDS]
        self._order = Order("taken_at", f"{prefix.replace('__', '_id')}" or "pk", is_newest_first)

    def page(self, after: str = "", size: int = PAGE_SIZE) -> tuple[list[PhotoRow], str]:
        """A page of rows and the place where the next one begins, "" at the end."""
        photo_rows = self._read(self._order, read_place(after, datetime), size + 1)
        return photo_rows[:size], str(photo_rows[size - 1].place) if len(photo_rows) > size else ""

    def around(self, place: Place, count: int) -> tuple[list[PhotoRow], list[PhotoRow]]:
        """The `count` photos before and after the one at `place`, each in the list's order."""
        before = self._read(self._order.reversed(), place, count)
        return before[::-1], self._read(self._order, place, count)

    def holds(self, pk: int) -> bool:
        return bool(self._query.filter(**{self._order.pk_field: pk}).exists())

    def tiles(self, photo_rows: Sequence[PhotoRow]) -> list[Tile]:
        return [self.tile(row) for row in photo_rows]

    def tile(self, row: PhotoRow) -> Tile:
        src, srcset = sources(row.pk, row.picture_key, row.width)
        width, height = shape(row.width, row.height, row.ratio_class)
        return Tile(
            url=self.address(row.pk),
            src=src,
            srcset=srcset,
            alt=row.alt,
            name=row.name,
            ratio_class=row.ratio_class,
            colour_class=row.colour_class,
            width=width,
            height=height,
        )

    def address(self, pk: int) -> str:
        """The photo's page, opened from this list. Not by `reverse`: sixty of them are a millisecond."""
        return f"/photos/{pk}/?{urlencode({'in': self.context})}" if self.context else f"/photos/{pk}/"

    def _read(self, order: Order, place: Place | None, count: int) -> list[PhotoRow]:
        return [PhotoRow(*row) for row in order.after(self._query, place).values_list(*self._fields)[:count]]


def timeline(user: Viewer) -> PhotoList:
    """All photos of a person, newest first."""
    return PhotoList(Photo.objects.visible_to(user))


def album_photos(album: Album, *, is_newest_first: bool = True) -> PhotoList:
    context = f"album:{album.pk}" if is_newest_first else f"album:{album.pk}:oldest"
    places = AlbumPhoto.objects.filter(album=album)
    return PhotoList(places, prefix="photo__", context=context, is_newest_first=is_newest_first)


def tag_photos(tag: Tag) -> PhotoList:
    return PhotoList(PhotoTag.objects.filter(tag=tag), prefix="photo__", context=f"tag:{tag.slug}")


class Opened(NamedTuple):
    """The list a photo was opened from, what it is called, and its own address."""

    photos: PhotoList
    title: str
    url: str


def opened_from(user: Viewer, context: str, photo_pk: int) -> Opened | None:
    """The list that `context` names, where it is one of the person's own and holds the photo."""
    opened = _named(user, context)
    return opened if opened and opened.photos.holds(photo_pk) else None


def _named(user: Viewer, context: str) -> Opened | None:
    kind, _colon, which = context.partition(":")
    if kind == "tag":
        tag = Tag.objects.visible_to(user).filter(slug=tag_slug(which)).first()
        return Opened(tag_photos(tag), tag.name, reverse("library:tag", args=[tag.slug])) if tag else None
    number, _colon, order = which.partition(":")
    if kind != "album" or not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    album = Album.objects.visible_to(user).filter(pk=int(number)).first()
    if album is None:
        return None
    photos = album_photos(album, is_newest_first=order != "oldest")
    return Opened(photos, str(album), reverse("library:album", args=[album.pk]))
