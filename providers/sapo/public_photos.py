"""What a SAPO account reads of everybody's: search, people, highlights and their photos."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from providers.client.http import Limits
from providers.contract.entities import Album, Photo, Picture, Profile, Rendition
from providers.contract.errors import NotFound
from providers.contract.paging import Listing, Page, converted
from providers.registry import ServiceApp
from providers.sapo import records
from providers.sapo.client import SapoClient
from providers.sapo.connection import binding_for, http_for
from providers.sapo.conversion import ORDERS, to_album, to_photo, to_profile
from providers.sapo.responses import PROVIDER
from providers.sapo.stored_urls import Addresses

_LARGEST_ID = 2**31 - 1


class PublicPhotos:
    """One account; `username` is its name there, "" to have it asked for when it is needed."""

    def __init__(self, app: ServiceApp, token: str, username: str, *, limits: Limits | None = None) -> None:
        self._app = app
        self._username = username
        self._addresses = Addresses(app)
        self._http = http_for(app, limits)
        self._client = SapoClient(binding_for(app, self._http, token))

    def fetch(self, rendition: Rendition) -> Picture:
        return self._http.stream("picture", self._addresses.full(rendition.url))

    def photos_by_tags(
        self, tags: Sequence[str], *, username: str = "", adult: bool = False, order: str = ""
    ) -> Listing[Photo]:
        return self._photos(
            lambda page: self._client.image_get_list_by_tags(
                tags, page=page, order=ORDERS.get(order, ""), m18=adult or None, username=username
            )
        )

    def search(
        self, terms: Sequence[str], *, date_from: date | None = None, date_to: date | None = None
    ) -> Listing[Photo]:
        words = [word for term in terms for word in term.replace(",", " ").split()]
        if not words:
            return Listing(lambda page: Page(items=(), number=page, page_count=1, total=0))
        return self._photos(
            lambda page: self._client.image_get_list_by_search(
                words,
                page=page,
                date_from=date_from.isoformat() if date_from else "",
                date_to=date_to.isoformat() if date_to else "",
            )
        )

    def highlighted_albums(self) -> Listing[Album]:
        return self._albums(lambda page: self._client.album_get_list_by_highlighted(page=page))

    def highlighted_people(self) -> Listing[Profile]:
        return converted(
            lambda page: self._client.user_get_list_by_highlighted(page=page),
            lambda user: to_profile(user, self._addresses),
        )

    def highlighted_tags(self) -> Sequence[str]:
        return self._client.tags_get_list_by_highlighted()

    def profile(self, username: str) -> Profile:
        return to_profile(self._client.user_details(username), self._addresses)

    def albums_of(self, username: str) -> Listing[Album]:
        return self._albums(lambda page: self._client.album_get_list_by_user(username, page=page))

    def photos_of(self, username: str) -> Listing[Photo]:
        return self._photos(lambda page: self._client.image_get_list_by_user(username, page=page))

    def photos_of_album(self, username: str, album_id: str, *, password: str = "") -> Listing[Photo]:
        def ask(page: int) -> Page[records.Image]:
            known = known_id(album_id, "ImageGetListByUserAlbum")
            return self._client.image_get_list_by_user_album(known, username, password=password, page=page)

        return self._photos(ask, (album_id,))

    def tags_of(self, username: str) -> Sequence[str]:
        return self._client.user_get_tags(username)

    def public_photo(self, remote_id: str) -> Photo:
        return to_photo(self._client.image_details(remote_id), self._addresses)

    def _photos(
        self, ask: Callable[[int], Page[records.Image]], albums: Sequence[str] | None = None
    ) -> Listing[Photo]:
        """`albums`: those in which every photo of this list lies; None when nothing is known of that."""

        def convert(image: records.Image) -> Photo:
            photo = to_photo(image, self._addresses, is_partial=True)
            is_complete = albums is None or (photo.album_ids is not None and not albums)
            return photo if is_complete else in_albums(photo, albums or ())

        return converted(ask, convert)

    def _albums(self, ask: Callable[[int], Page[records.Album]]) -> Listing[Album]:
        return converted(ask, lambda album: to_album(album, self._addresses))


def known_id(album_id: str, operation: str) -> str:
    """An id as the schema types it; anything else cannot exist there, so it is not asked for."""
    if album_id.isascii() and album_id.isdigit() and int(album_id[:20]) <= _LARGEST_ID:
        return album_id
    raise NotFound("no such id", provider=PROVIDER, operation=operation, code="not_found")


def in_albums(photo: Photo, album_ids: Sequence[str]) -> Photo:
    """The photo, which lies at least in these albums."""
    return replace(photo, album_ids=tuple(dict.fromkeys([*(photo.album_ids or ()), *album_ids])))
