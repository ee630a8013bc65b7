"""What photo services hold, in our words.

Unknown is None, absent text is "", time is aware UTC, identifiers from outside are text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


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

    `album_ids` is None when the answer does not name albums (then nothing is known about them).
    `colour` is (red, green, blue), 0 to 255. `raw` is the service's own answer for this photo,
    so that a mirror of an account loses nothing.
    """

    remote_id: str
    title: str = ""
    subtitle: str = ""
    description: str = ""
    created_at: datetime | None = None
    filename: str = ""
    byte_size: int | None = None
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
    """What a person wants to upload. `album_id` is "" for the service's own default place."""

    filename: str
    media_type: str
    byte_size: int
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    album_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What `begin_upload` returns and the other verbs need: kept, sealed, as JSON.

    `callback_deadline`: after it the service no longer takes the file.
    """

    data: Mapping[str, str] = field(default_factory=dict)
    callback_deadline: datetime | None = None


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
