"""A third photo service, as plain as the contract allows: the gallery must need nothing more.

`PlainService` is listed album by album, `NewestService` newest first and with collections. What they
hold is changed by the tests; `calls` tells what the gallery asked.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from providers.client.http import Http
from providers.contract.entities import Album, Collection, Draft, Photo, Picture, Rendition, Ticket
from providers.contract.errors import NotFound, ProviderError
from providers.contract.paging import Listing, Page

DAY_ONE = datetime(2020, 1, 1, 12, tzinfo=UTC)


def photo(number: int, **changes: object) -> Photo:
    """Photo number n: a title, a date n hours after the first, a picture of 300 x 200."""
    plain = Photo(
        remote_id=f"p{number}",
        title=f"Photo {number}",
        created_at=DAY_ONE + timedelta(hours=number),
        filename=f"IMG_{number:05}.jpg",
        byte_size=1000 + number,
        media_type="image/jpeg",
        width=300,
        height=200,
        tags=(f"tag{number % 3}",),
        renditions=(Rendition(url=f"http://pictures.example/{number}.jpg", max_width=300, max_height=200),),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@dataclass
class PlainService:
    held: dict[str, list[Photo]] = field(default_factory=dict)  # photos by album
    titles: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    fails_at: dict[str, ProviderError] = field(default_factory=dict)

    def _called(self, call: str) -> None:
        self.calls.append(call)
        if call in self.fails_at:
            raise self.fails_at.pop(call)

    def albums(self) -> Iterator[Album]:
        self._called("albums")
        for remote_id, photos in self.held.items():
            title = self.titles.get(remote_id, f"Album {remote_id}")
            yield Album(remote_id=remote_id, title=title, photo_count=len(photos))

    def photos(self, album_id: str) -> Iterator[Photo]:
        self._called(f"photos {album_id}")
        if album_id not in self.held:
            raise NotFound("no such album", provider="plain", operation="photos")
        yield from list(self.held[album_id])

    def create_album(self, title: str) -> Album:
        self.held[title] = []
        return Album(remote_id=title, title=title, photo_count=0)

    def fetch(self, rendition: Rendition) -> Picture:
        self._called("fetch")
        http = Http("plain", ["127.0.0.1"], allow_private=True)
        return http.stream("fetch", rendition.url)

    def begin_upload(self, draft: Draft, callback_url: str) -> Ticket:
        return Ticket()

    def send_upload(self, ticket: Ticket, draft: Draft, file: BinaryIO) -> str:
        self.calls.append("send_upload")
        return ""

    def confirm_upload(self, ticket: Ticket) -> Photo | None:
        return None


def plain() -> PlainService:
    """Two albums with three photos."""
    return PlainService(held={"a": [photo(1), photo(2)], "b": [photo(3)]})


@dataclass
class NewestService(PlainService):
    collected: dict[str, list[str]] = field(default_factory=dict)  # albums by collection
    page_size: int = 50
    unlisted: int = 0  # photos that are counted and never shown
    lost_pages: set[int] = field(default_factory=set)  # that come empty
    before_page: dict[int, Callable[[], None]] = field(default_factory=dict)

    def newest(self) -> Listing[Photo]:
        def ask(number: int) -> Page[Photo]:
            self._called(f"newest {number}")
            self.before_page.pop(number, lambda: None)()
            everything = self._everything()
            start = (number - 1) * self.page_size
            shown = everything[start : start + self.page_size]
            return Page(
                items=() if number in self.lost_pages else tuple(shown),
                number=number,
                page_count=-(-len(everything) // self.page_size),
                total=len(everything) + self.unlisted,
            )

        return Listing(ask)

    def _everything(self) -> list[Photo]:
        places: dict[str, list[str]] = {}
        found: dict[str, Photo] = {}
        for album_id, photos in self.held.items():
            for one in photos:
                found[one.remote_id] = one
                places.setdefault(one.remote_id, []).append(album_id)
        return sorted(
            (replace(one, album_ids=tuple(places[key])) for key, one in found.items()),
            key=lambda one: (one.created_at or DAY_ONE, one.remote_id),
            reverse=True,
        )

    def collections(self) -> Iterator[Collection]:
        for remote_id in self.collected:
            yield Collection(remote_id=remote_id, title=f"Collection {remote_id}")

    def collection_albums(self, collection_id: str) -> Iterator[Album]:
        for remote_id in self.collected[collection_id]:
            yield Album(remote_id=remote_id, title=f"Album {remote_id}")


def newest(count: int = 120) -> NewestService:
    """`count` photos in album a, every second one in b as well; both in a collection."""
    photos = [photo(number) for number in range(count)]
    return NewestService(held={"a": photos, "b": photos[::2]}, collected={"c": ["b", "a"]})
