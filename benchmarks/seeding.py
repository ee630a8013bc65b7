"""Libraries of any size, written through the same code as a sync; pictures are not needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import BinaryIO

from django.contrib.auth.models import User

from gallery.accounts.models import LinkedAccount
from providers.contract.entities import Album, Draft, Photo, Picture, Rendition, Ticket
from providers.contract.errors import NotFound
from providers.contract.paging import Listing, Page

_NEWEST = datetime(2026, 8, 31, 20, tzinfo=UTC)
_PLACES = ("Foz", "Douro", "Sagres", "Gerês", "Nazaré", "Valensole", "Arles", "Porto", "Évora", "Étretat")
_SUBJECTS = ("Sunset", "Orchard", "Vineyard", "Lighthouse", "Market", "Fog", "Storm", "Harbour", "Dunes")
_SHAPES = ((4000, 3000), (3000, 4000), (6000, 4000), (2048, 1365), (1600, 1600))


def sample_photo(number: int, album_count: int) -> Photo:
    """Photo `number`, 0 the newest; three tags, of which one is on every photo."""
    width, height = _SHAPES[number % len(_SHAPES)]
    subject, place = _SUBJECTS[number % len(_SUBJECTS)], _PLACES[number % len(_PLACES)]
    return Photo(
        remote_id=f"photo-{number}",
        title=f"{subject} in {place} {number}",
        description=f"Seen from the road to {place}.",
        created_at=_NEWEST - timedelta(minutes=47 * number),
        filename=f"DSC_{number:06}.jpg",
        byte_size=2_000_000 + number,
        media_type="image/jpeg",
        width=width,
        height=height,
        tags=("all", place, f"tag {number % 100}"),
        view_count=number % 977,
        colour=(number % 256, number * 7 % 256, number * 13 % 256),
        album_ids=(f"album-{number % album_count}",),
        renditions=tuple(
            Rendition(url=f"http://pictures.example/{size}/{number}.jpg", max_width=size, max_height=size)
            for size in (100, 480, 960, 1920)
        ),
        raw=f'{{"id": "photo-{number}", "title": "{subject} in {place} {number}"}}',
    )


@dataclass
class ZeroLatencyService:
    """A service that answers at once: what is left is the gallery's own work."""

    photo_count: int
    album_count: int = 40
    page_size: int = 50

    def albums(self) -> Iterator[Album]:
        for number in range(self.album_count):
            count = len(range(number, self.photo_count, self.album_count))
            yield Album(remote_id=f"album-{number}", title=f"Album {number}", photo_count=count)

    def newest(self) -> Listing[Photo]:
        def ask(number: int) -> Page[Photo]:
            numbers = range((number - 1) * self.page_size, self.photo_count)
            photos = (sample_photo(one, self.album_count) for one in islice(numbers, self.page_size))
            page_count = -(-self.photo_count // self.page_size)
            return Page(items=tuple(photos), number=number, page_count=page_count, total=self.photo_count)

        return Listing(ask)

    def photos(self, album_id: str) -> Iterator[Photo]:
        raise NotFound("listed newest first", provider="bench", operation="photos")

    def create_album(self, title: str) -> Album:
        return Album(remote_id=title, title=title)

    def fetch(self, rendition: Rendition) -> Picture:
        raise NotFound("no pictures", provider="bench", operation="fetch")

    def begin_upload(self, draft: Draft, callback_url: str) -> Ticket:
        return Ticket()

    def send_upload(self, ticket: Ticket, draft: Draft, file: BinaryIO) -> str:
        raise NotFound("takes no files", provider="bench", operation="send")

    def confirm_upload(self, ticket: Ticket) -> Photo | None:
        return None


def person_with_account(name: str) -> LinkedAccount:
    """A new person with one linked account."""
    user = User.objects.create_user(name, f"{name}@example.org")
    return LinkedAccount.objects.create(
        user=user, provider_id="bench", kind="bench", remote_id=name, label=name
    )
