"""Cards of albums and collections, as strings that are ready to print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from gallery.library.models import Album, Collection, CollectionAlbum, Photo
from gallery.library.picture_urls import shape, sources
from gallery.library.tiles import Tile
from gallery.presentation.dates import month_text
from gallery.presentation.numbers import albums_text, photos_text

_COVERS = 3  # pictures of a collection's card


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    url: str
    name: str
    facts: str
    covers: Sequence[Tile]


def cover_tile(photo: Photo) -> Tile:
    src, srcset = sources(photo.pk, photo.picture_key, photo.width)
    width, height = shape(photo.width, photo.height, photo.ratio_class)
    return Tile(
        url="",
        src=src,
        srcset=srcset,
        alt="",
        name="",
        ratio_class=photo.ratio_class,
        colour_class=photo.colour_class,
        width=width,
        height=height,
    )


def album_cards(albums: Iterable[Album]) -> list[Card]:
    return [
        Card(
            url=reverse("library:album", args=[album.pk]),
            name=str(album),
            facts=_album_facts(album),
            covers=[cover_tile(album.cover)] if album.cover else [],
        )
        for album in albums
    ]


def _album_facts(album: Album) -> str:
    facts = photos_text(album.photo_count)
    return f"{facts}, {month_text(album.newest_at)}" if album.photo_count else facts


def collection_cards(collections: Sequence[Collection]) -> list[Card]:
    """With the covers of their first albums; two queries for however many."""
    places = CollectionAlbum.objects.filter(
        collection__in=collections, position__lt=2 * _COVERS, album__cover__isnull=False
    )
    covers: dict[int, list[Tile]] = {}
    for place in places.select_related("album__cover").order_by("collection_id", "position"):
        shown = covers.setdefault(place.collection_id, [])
        if len(shown) < _COVERS and place.album.cover:
            shown.append(cover_tile(place.album.cover))
    return [
        Card(
            url=reverse("library:collection", args=[row.pk]),
            name=str(row),
            facts=albums_text(row.album_count),
            covers=covers.get(row.pk, []),
        )
        for row in collections
    ]
