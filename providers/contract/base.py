"""The contract of a photo service: the obligatory verbs and the optional interfaces.

A caller asks `isinstance(service, TagSearch)`, never a flag. MUST and MAY are meant as in RFC 2119;
tests/providers/contract.py holds every service to them. Any verb may raise the errors of
`providers.contract.errors`; a docstring names those that carry a meaning of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import BinaryIO, Protocol, runtime_checkable

from providers.contract.entities import (
    Album,
    Collection,
    Draft,
    Photo,
    Picture,
    Profile,
    Rendition,
    Ticket,
    UploadForm,
)
from providers.contract.paging import Listing

TAG_ORDERS = ("newest", "oldest", "title", "viewed")


class PhotoService(Protocol):
    """One account on one service, opened with its key."""

    def albums(self) -> Iterator[Album]:
        """All albums of the account, lazily. MUST yield nothing when there are none."""
        ...

    def photos(self, album_id: str) -> Iterator[Photo]:
        """The photos of one album, lazily. MUST raise NotFound for an unknown or foreign album."""
        ...

    def create_album(self, title: str) -> Album:
        """Make an album. MUST return it as the service named it, which MAY differ from `title`.

        MUST raise OutcomeUnknown when the line broke after the request went out; the caller then
        looks through `albums()` before it asks again.
        """
        ...

    def fetch(self, rendition: Rendition) -> Picture:
        """The bytes of one picture, streamed. MUST refuse hosts that are not the service's own."""
        ...

    def begin_upload(self, draft: Draft, callback_url: str) -> Ticket:
        """Prepare an upload; MAY reserve a place; MUST NOT send the file."""
        ...

    def send_upload(self, ticket: Ticket, draft: Draft, file: BinaryIO) -> None:
        """Send the bytes, streamed, once.

        Returns when the service said yes (still to be confirmed). MUST raise Unavailable only if
        the service cannot have the file, OutcomeUnknown if it may, Refused with the service's
        code if it said no.
        """
        ...

    def confirm_upload(self, ticket: Ticket) -> Photo | None:
        """Is it there? The photo, or None if it is not (yet). Safe to repeat."""
        ...


@runtime_checkable
class DescribedAlbums(Protocol):
    """An album can be made with words about it, and closed to whoever does not know its password."""

    def create_described_album(self, title: str, *, description: str = "", password: str = "") -> Album:
        """As `create_album`, in one call: no moment at which the album stood open."""
        ...


@runtime_checkable
class RecentListing(Protocol):
    """Can list all photos of the account, newest first, without going through albums."""

    def newest(self) -> Listing[Photo]:
        """All photos, newest first; `.total` MUST be the true number. `album_ids` MUST be set."""
        ...


@runtime_checkable
class CollectionLibrary(Protocol):
    """Has collections of albums."""

    def collections(self) -> Iterator[Collection]: ...

    def collection_albums(self, collection_id: str) -> Iterator[Album]:
        """MUST raise NotFound for an unknown collection."""
        ...


@runtime_checkable
class TagSearch(Protocol):
    """Can search photos by tags. `username` "" means everybody's public photos.

    `order` is "" for the service's own, or one of TAG_ORDERS.
    """

    def photos_by_tags(
        self, tags: Sequence[str], *, username: str = "", adult: bool = False, order: str = ""
    ) -> Listing[Photo]:
        """Photos that carry all of `tags`; an empty list when there are none."""
        ...


@runtime_checkable
class PublicSearch(Protocol):
    """Can search everybody's public photos by words."""

    def search(
        self, terms: Sequence[str], *, date_from: date | None = None, date_to: date | None = None
    ) -> Listing[Photo]:
        """Photos whose title, description or tags hold all of `terms`."""
        ...


@runtime_checkable
class OwnTags(Protocol):
    """Knows the tags its owner used."""

    def tags(self) -> Sequence[str]: ...


@runtime_checkable
class Highlights(Protocol):
    """What the service itself puts forward."""

    def highlighted_albums(self) -> Listing[Album]: ...

    def highlighted_people(self) -> Listing[Profile]: ...

    def highlighted_tags(self) -> Sequence[str]: ...


@runtime_checkable
class PhotoEditing(Protocol):
    """Can change and delete the account's own photos."""

    def photo(self, remote_id: str) -> Photo:
        """One photo, fresh. MUST raise NotFound for an unknown or foreign one."""
        ...

    def edit_photo(self, remote_id: str, changes: Mapping[str, object]) -> Photo:
        """Change the named fields and keep every other as it is, even where the service would erase it.

        Keys: title, description, tags (a sequence), is_adult, is_active, password.
        """
        ...

    def delete_photo(self, remote_id: str) -> None:
        """MUST raise NotFound when it is not there (any more)."""
        ...


@runtime_checkable
class AlbumMembership(Protocol):
    """A photo may lie in several albums."""

    def add_to_albums(self, photo_id: str, album_ids: Sequence[str]) -> None: ...

    def remove_from_albums(self, photo_id: str, album_ids: Sequence[str]) -> None: ...


@runtime_checkable
class ViewCounting(Protocol):
    """Counts how often a photo was looked at."""

    def count_view(self, photo_id: str) -> None: ...


@runtime_checkable
class UploadCallback(Protocol):
    """The service calls us back when an upload ended, and takes files straight from a browser."""

    def browser_form(self, ticket: Ticket, callback_url: str) -> UploadForm:
        """What a plain HTML form must send, and where."""
        ...

    def abandon_upload(self, ticket: Ticket) -> None:
        """Give back what `begin_upload` reserved. Safe to repeat; MUST NOT touch a finished photo."""
        ...


@runtime_checkable
class PublicProfile(Protocol):
    """Shows other people's public pages."""

    def profile(self, username: str) -> Profile:
        """MUST raise NotFound for an unknown name. "" is the account's own."""
        ...

    def albums_of(self, username: str) -> Listing[Album]: ...

    def photos_of(self, username: str) -> Listing[Photo]: ...

    def photos_of_album(self, username: str, album_id: str, *, password: str = "") -> Listing[Photo]:
        """MUST raise Refused for a closed album without its password."""
        ...

    def tags_of(self, username: str) -> Sequence[str]: ...

    def public_photo(self, remote_id: str) -> Photo:
        """A photo that the account may look at, whoever owns it. MUST raise NotFound for any other."""
        ...
