"""The contract of a photo service: the obligatory verbs and the optional interfaces (more in `albums.py`).

A caller asks `isinstance(service, TagSearch)`, never a flag. MUST and MAY are meant as in RFC 2119;
tests/providers/contract.py holds every service to them. What holds for every verb:

* It MAY raise each error of `providers.contract.errors`, and MUST raise nothing else; a docstring names
  those that carry a meaning of their own. An error MUST NOT hold a secret.
* Nothing found is an empty list; one thing that is not there is NotFound, and so is one of somebody else.
* It MUST end within the limits of `providers.client.http` and MUST ask only the service's own hosts.
* A verb that changes something MUST raise OutcomeUnknown when it may have happened, Unavailable only if
  it has not. It MUST NOT ask a second time by itself.
* An iterator MUST ask for nothing before it is read, and a Listing for one page at a time.
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
        """All albums of the account, lazily, each once. MUST yield nothing when there are none."""
        ...

    def photos(self, album_id: str) -> Iterator[Photo]:
        """The photos of one album, lazily, each once; pending ones MUST NOT be among them.

        MUST raise NotFound for an unknown or foreign album. A photo MAY be `is_partial`.
        """
        ...

    def create_album(self, title: str) -> Album:
        """Make an album. MUST return it as the service named it, which MAY differ from `title`.

        MUST raise OutcomeUnknown when the line broke after the request went out; the caller then
        looks through `albums()` before it asks again.
        """
        ...

    def fetch(self, rendition: Rendition) -> Picture:
        """The bytes of one picture, streamed.

        MUST raise ProtocolError for a host that is not the service's own, unasked, and NotFound for a
        picture that is gone. MUST NOT send the key of the account along.
        """
        ...

    def begin_upload(self, draft: Draft, callback_url: str) -> Ticket:
        """Prepare an upload; MAY reserve a place; MUST NOT send the file.

        MUST NOT make anything that is seen as a photo. MUST raise Refused for a draft whose
        `visibility` the service cannot give (a photo is never seen by more people than was asked for),
        or that names no album where the service has no default place; NotFound or Refused, here or in
        `send_upload`, for an album that is not the account's. What else of the draft the service has no
        place for MUST be left out (`Accepts`, `not_stored`).
        """
        ...

    def send_upload(self, ticket: Ticket, draft: Draft, file: BinaryIO) -> str:
        """Send the bytes, streamed, once; the new photo's id where the service tells it, else "".

        Returns when the service said yes (still to be confirmed). MUST raise Unavailable only if
        the service cannot have the file, OutcomeUnknown if it may, Refused with the service's
        code if it said no. MUST NOT return the id of a photo that was there before.
        """
        ...

    def confirm_upload(self, ticket: Ticket) -> Photo | None:
        """Is it there? The photo, or None if it is not (yet). Safe to repeat.

        `ticket` MAY know the photo's id (`photo_id`), or not: its answer may have been lost. MUST NOT
        return a photo that was there before `begin_upload`, nor one that is pending. Where the service
        accepts first and shows later, MAY do what makes it show; None until it does.
        """
        ...


@runtime_checkable
class RecentListing(Protocol):
    """Can list all photos of the account, newest first, without going through albums."""

    def newest(self) -> Listing[Photo]:
        """All photos, each once, newest first; `.total` MUST be the true number. `album_ids` MUST be set."""
        ...


@runtime_checkable
class CollectionLibrary(Protocol):
    """Has collections of albums."""

    def collections(self) -> Iterator[Collection]:
        """All of the account, lazily. MUST yield nothing when there are none."""
        ...

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
    """Knows the tags its owner used. Offered to other programs."""

    def tags(self) -> Sequence[str]:
        """Each once, in no order that means something."""
        ...


@runtime_checkable
class Highlights(Protocol):
    """What the service itself puts forward."""

    def highlighted_albums(self) -> Listing[Album]: ...

    def highlighted_people(self) -> Listing[Profile]: ...

    def highlighted_tags(self) -> Sequence[str]: ...


@runtime_checkable
class PhotoDetails(Protocol):
    """Tells of one photo all that it knows: also what its lists leave out (comments, rating, sizes)."""

    def photo(self, remote_id: str) -> Photo:
        """One photo of the account, fresh; `is_partial` MUST be false.

        MUST raise NotFound for an unknown or foreign one.
        """
        ...


@runtime_checkable
class PhotoEditing(PhotoDetails, Protocol):
    """Can change and delete the account's own photos."""

    def edit_photo(self, remote_id: str, changes: Mapping[str, object]) -> Photo:
        """Change the named fields and keep every other as it is, even where the service would erase it.

        Keys: title, description, tags (a sequence), is_adult, is_active, password. MUST raise ValueError
        for any other, and NotFound for an unknown or foreign photo. Safe to repeat.
        """
        ...

    def delete_photo(self, remote_id: str) -> None:
        """MUST raise NotFound when it is not there (any more)."""
        ...


@runtime_checkable
class AlbumMembership(Protocol):
    """A photo may lie in several albums."""

    def add_to_albums(self, photo_id: str, album_ids: Sequence[str]) -> None:
        """Safe to repeat. MUST raise NotFound or Refused for an unknown or foreign photo or album."""
        ...

    def remove_from_albums(self, photo_id: str, album_ids: Sequence[str]) -> None:
        """As `add_to_albums`. The photo MUST NOT be deleted, in whichever album it was."""
        ...


@runtime_checkable
class ViewCounting(Protocol):
    """Counts how often a photo was looked at."""

    def count_view(self, photo_id: str) -> None:
        """MAY raise Refused where only some accounts may. Not safe to repeat: each call counts."""
        ...


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
