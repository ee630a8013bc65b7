"""What photo services hold, in our words.

Unknown is None, absent text is "", time is aware UTC, identifiers from outside are text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Visibility(StrEnum):
    """Who may see a photo, the narrowest first."""

    PRIVATE = "private"  # its owner
    PASSWORD = "password"  # its owner, and who knows its password  # noqa: S105
    PUBLIC = "public"  # everybody


class Digests(NamedTuple):
    """What tells equal files; in small hexadecimal digits, "" for unknown."""

    sha256: str = ""
    md5: str = ""


NO_DIGESTS = Digests()


class Rendition(NamedTuple):
    """One fetchable picture. None for a side: no limit known; both None: the original.

    A tuple, since a photo has ten and a frozen dataclass takes five times as long to make.
    """

    url: str
    max_width: int | None = None
    max_height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody said under a photo; `written_at` as the service gives it, None if unreadable."""

    author: str
    body: str
    website: str = ""
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Albums put together; which ones is told by `CollectionLibrary.collection_albums`."""

    remote_id: str
    title: str
    description: str = ""
    created_at: datetime | None = None
    cover_url: str = ""
    page_url: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """An album of one account. `is_inbox`: where photos without an album of their own lie.

    `owner_name` is whose it is, "" where that goes without saying.
    """

    remote_id: str
    title: str
    description: str = ""
    created_at: datetime | None = None
    photo_count: int | None = None
    cover_url: str = ""
    page_url: str = ""
    is_active: bool = True
    has_password: bool = False
    is_inbox: bool = False
    owner_name: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo with all that its service tells about it.

    `is_partial`: a list told this, and `PhotoDetails.photo` may tell more; what is absent may be there.
    `created_at` is when the service got it, `taken_at` when the picture was taken, where it knows.
    `is_pending`: its file has not come; never so in a list. `digests` are those of the original file.
    `album_ids` is None when the answer does not name albums (then nothing is known about them).
    `colour` is (red, green, blue), 0 to 255. `raw` is the service's own answer for this photo,
    so that a mirror of an account loses nothing.
    """

    remote_id: str
    title: str = ""
    subtitle: str = ""
    description: str = ""
    created_at: datetime | None = None
    taken_at: datetime | None = None
    filename: str = ""
    byte_size: int | None = None
    digests: Digests = NO_DIGESTS
    media_type: str = ""
    width: int | None = None
    height: int | None = None
    tags: tuple[str, ...] = ()
    rating: str = ""
    view_count: int | None = None
    comments: tuple[Comment, ...] = ()
    is_adult: bool = False
    is_active: bool = True
    has_password: bool = False
    is_pending: bool = False
    is_partial: bool = False
    colour: tuple[int, int, int] | None = None
    owner_name: str = ""
    page_url: str = ""
    album_ids: tuple[str, ...] | None = None
    renditions: tuple[Rendition, ...] = ()
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person on a service, as others may see them."""

    remote_id: str
    username: str
    avatar_url: str = ""
    page_url: str = ""
    created_at: datetime | None = None
    photo_count: int | None = None
    album_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person wants to upload; a field that the service has no place for is not sent.

    `album_id` is "" for the service's own default place, which not every service has
    (`Accepts.has_default_place`). `visibility` None is the service's own; PASSWORD, and it alone, comes
    with a `password`. `taken_at`, `width`, `height` and `digests` are what is known of the file.
    """

    filename: str
    media_type: str
    byte_size: int
    title: str = ""
    subtitle: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    album_id: str = ""
    visibility: Visibility | None = None
    password: str = field(default="", repr=False)
    is_adult: bool = False
    taken_at: datetime | None = None
    width: int | None = None
    height: int | None = None
    digests: Digests = NO_DIGESTS

    def __post_init__(self) -> None:
        """A photo must not stand open because its password was forgotten on the way."""
        if bool(self.password) is not (self.visibility is Visibility.PASSWORD):
            raise ValueError("a password belongs to Visibility.PASSWORD, and that to a password")


_PHOTO_ID = "_photo_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What `begin_upload` returns and the other verbs need: stored, sealed, as JSON.

    `callback_deadline`: after it the service no longer takes the file.
    """

    data: Mapping[str, str] = field(default_factory=dict)
    callback_deadline: datetime | None = None

    @property
    def photo_id(self) -> str:
        """Which photo it became, as `send_upload` told; "" where it did not, or its answer was lost."""
        return self.data.get(_PHOTO_ID, "")

    def with_photo(self, remote_id: str) -> "Ticket":
        """The ticket that knows its photo; unchanged for "". `_photo_id` is taken in `data`."""
        return replace(self, data={**self.data, _PHOTO_ID: remote_id}) if remote_id else self


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadForm:
    """A plain HTML form by which the person's own browser sends the file to the service."""

    action: str
    fields: Mapping[str, str]
    file_field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Bytes on their way: `chunks` may be read once; `byte_size` is None when not announced."""

    media_type: str
    byte_size: int | None
    chunks: Iterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What opens an account: the secret, when it stops working, and whose account it is."""

    secret: str
    expires_at: datetime | None
    remote_id: str
    label: str
