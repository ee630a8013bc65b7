"""Searching a service with what it can do, and narrowing here what it cannot.

A search by tags takes a person, an order and photos for adults; one by words takes dates. What the
other one takes is compared here, photo by photo, over a few of the service's pages at a time.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from gallery.library.fulltext import terms_of
from providers.contract.base import PhotoService, PublicProfile, PublicSearch, TagSearch
from providers.contract.entities import Photo
from providers.contract.paging import Listing

_ENOUGH = 24  # photos for one page of ours
_MOST_PAGES = 5  # of the service, for one page of ours
_SECONDS = 2.0  # after which no further page of the service is begun

Matches = Callable[[Photo], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What a person looks for. `order` is one of providers.contract.base.TAG_ORDERS or ""."""

    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    person: str = ""
    since: date | None = None
    until: date | None = None
    order: str = ""
    adult: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.tags or self.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoPage:
    """Photos of a list that goes on at the service's page `next_page`; 0 at its end."""

    photos: tuple[Photo, ...]
    next_page: int = 0
    total: int | None = None


def search(service: PhotoService, query: SearchQuery, page: int) -> PhotoPage:
    """Photos from the service's page `page` on."""
    if query.tags and isinstance(service, TagSearch):
        listing = service.photos_by_tags(
            query.tags, username=query.person, adult=query.adult, order=query.order
        )
        return _read(listing, page, _narrowed(replace(query, tags=(), person="", adult=True)))
    if (query.words or query.tags) and isinstance(service, PublicSearch):
        listing = service.search([*query.words, *query.tags], date_from=query.since, date_to=query.until)
        return _read(listing, page, _narrowed(replace(query, words=(), since=None, until=None)))
    if query.person and isinstance(service, PublicProfile):
        listing = service.photos_of(query.person)
        found = _read(listing, page, _narrowed(replace(query, person="")))
        return owned_by(query.person, found)
    return PhotoPage(photos=())


def _read(listing: Listing[Photo], number: int, matches: Matches | None) -> PhotoPage:
    """One page of the service; several where only some photos of each match."""
    begun_at, photos = time.monotonic(), list[Photo]()
    for count in range(1, _MOST_PAGES + 1):
        page = listing.page(number)
        photos += [bare(photo) for photo in page.items if matches is None or matches(photo)]
        number = number + 1 if page.items and number < page.page_count else 0
        is_over = count == _MOST_PAGES or time.monotonic() - begun_at > _SECONDS
        if not number or matches is None or len(photos) >= _ENOUGH or is_over:
            break
    return PhotoPage(photos=tuple(photos), next_page=number, total=None if matches else page.total)


def one_page(listing: Listing[Photo], number: int) -> PhotoPage:
    return _read(listing, number, None)


def owned_by(username: str, found: PhotoPage) -> PhotoPage:
    """Lists of one person leave out whose the photos are."""
    photos = tuple(replace(photo, owner_name=photo.owner_name or username) for photo in found.photos)
    return replace(found, photos=photos)


def bare(photo: Photo) -> Photo:
    """The photo without the service's own reply, which no page shows."""
    return replace(photo, raw="")


def _narrowed(query: SearchQuery) -> Matches | None:
    """Whether a photo is what was searched for; None where nothing is left to look at."""
    tests: list[Matches] = []
    if query.words:
        words = [" ".join(terms_of(word)) for word in query.words]
        tests.append(lambda photo: all(word in _words_of(photo) for word in words))
    if query.tags:
        tags = {_folded(tag) for tag in query.tags}
        tests.append(lambda photo: tags <= {_folded(tag) for tag in photo.tags})
    if person := _folded(query.person):
        tests.append(lambda photo: _folded(photo.owner_name) == person)
    if since := query.since:
        tests.append(lambda photo: photo.created_at is not None and photo.created_at.date() >= since)
    if until := query.until:
        tests.append(lambda photo: photo.created_at is not None and photo.created_at.date() <= until)
    if not query.adult:
        tests.append(lambda photo: not photo.is_adult)
    return (lambda photo: all(test(photo) for test in tests)) if tests else None


def _words_of(photo: Photo) -> str:
    return " ".join(terms_of(" ".join([photo.title, photo.description, *photo.tags])))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
