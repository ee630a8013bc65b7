"""What the SAPO Photos API returns, under its own names (docs/protocols/sapo.md, Entities).

Absent text is "", an absent or unreadable number or flag is None. Dates stay as the service wrote them.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from providers.contract.errors import ProtocolError
from providers.sapo.responses import PROVIDER, Tree, many, text, text_of

# One writer for all: `json.dumps` makes a new one for each photo.
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class View(NamedTuple):
    """One picture file. `request_...` is the box asked for; for `original` the true size.

    A tuple as `entities.Rendition` is: there are ten for each photo.
    """

    url: str
    size: str
    request_width: int | None
    request_height: int | None
    actual_width: int | None
    actual_height: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    date: str
    nickname: str
    website: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Others see of a person what the service chooses to tell; `id` and `email` are hardly ever told."""

    id: str
    username: str
    avatar: str
    url: str
    email: str
    active: bool | None
    banned: bool | None
    creation_date: str
    last_login: str
    upload_mail: str
    comment_captcha: bool | None
    comment_moderate: bool | None
    comment_notify: bool | None
    partner: bool | None
    view_all: bool | None
    image_count: int | None
    album_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    id: str
    owner_id: str
    title: str
    description: str
    password: str
    creation_date: str
    url: str
    cover: str
    active: bool | None
    user: User | None
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    id: str
    title: str
    description: str
    creation_date: str
    code: str
    cover: str
    url: str
    active: bool | None
    user: User | None
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """`id` is hardly ever told, `uid` always; `tags` is split; colours are (red, green, blue).

    `album_ids` is None when the answer names no albums.
    """

    id: str
    uid: str
    title: str
    subtitle: str
    synopse: str
    password: str
    creation_date: str
    url: str
    rating: str
    format: str
    email_from: str
    tags: tuple[str, ...]
    active: bool | None
    pending: bool | None
    m18: bool | None
    innapropriate: bool | None
    visualizations: int | None
    comments: tuple[Comment, ...]
    views: tuple[View, ...]
    album_ids: tuple[str, ...] | None
    user: User | None
    ref_color: tuple[int, int, int] | None
    avg_color: tuple[int, int, int] | None
    raw: str


def read_image(tree: Tree, operation: str) -> Image:
    """Raises ProtocolError for an image without uid."""
    albums = many(tree, "albums", "album")
    return Image(
        id=text(tree, "id"),
        uid=_required(tree, "uid", operation),
        title=text(tree, "title"),
        subtitle=text(tree, "subtitle"),
        synopse=text(tree, "synopse"),
        password=text(tree, "password"),
        creation_date=text(tree, "creationDate"),
        url=text(tree, "url"),
        rating=text(tree, "rating"),
        format=text(tree, "format"),
        email_from=text(tree, "emailFrom"),
        tags=split_tags(text(tree, "tags")),
        active=_flag(tree, "active"),
        pending=_flag(tree, "pending"),
        m18=_flag(tree, "m18"),
        innapropriate=_flag(tree, "innapropriate"),
        visualizations=number(tree, "visualizations"),
        comments=tuple(_comment(comment) for comment in many(tree, "comments", "comment")),
        views=tuple(map(_view, many(tree, "views", "view"))),
        album_ids=tuple(text(album, "id") for album in albums) if "albums" in tree else None,
        user=_owner(tree),
        ref_color=_color(tree.get("refColor")),
        avg_color=_color(tree.get("avgColor")),
        raw=_raw(tree),
    )


def read_album(tree: Tree, operation: str) -> Album:
    """Raises ProtocolError for an album without id."""
    return Album(
        id=_required(tree, "id", operation),
        owner_id=text(tree, "ownerId"),
        title=text(tree, "title"),
        description=text(tree, "description"),
        password=text(tree, "password"),
        creation_date=text(tree, "creationDate"),
        url=text(tree, "url"),
        cover=text(tree, "cover"),
        active=_flag(tree, "active"),
        user=_owner(tree),
        raw=_raw(tree),
    )


def read_collection(tree: Tree, operation: str) -> Collection:
    """Raises ProtocolError for a collection without id."""
    return Collection(
        id=_required(tree, "id", operation),
        title=text(tree, "title"),
        description=text(tree, "description"),
        creation_date=text(tree, "creationDate"),
        code=text(tree, "code"),
        cover=text(tree, "cover"),
        url=text(tree, "url"),
        active=_flag(tree, "active"),
        user=_owner(tree),
        raw=_raw(tree),
    )


def read_user(tree: Tree) -> User:
    return User(
        id=text(tree, "id"),
        username=text(tree, "username"),
        avatar=text(tree, "avatar"),
        url=text(tree, "url"),
        email=text(tree, "email"),
        active=_flag(tree, "active"),
        banned=_flag(tree, "banned"),
        creation_date=text(tree, "creationDate"),
        last_login=text(tree, "lastLogin"),
        upload_mail=text(tree, "uploadMail"),
        comment_captcha=_flag(tree, "commentCaptcha"),
        comment_moderate=_flag(tree, "commentModerate"),
        comment_notify=_flag(tree, "commentNotify"),
        partner=_flag(tree, "partner"),
        view_all=_flag(tree, "viewAll"),
        image_count=number(tree, "imageCount"),
        album_count=number(tree, "albumCount"),
    )


def _owner(tree: Tree) -> User | None:
    user = tree.get("user")
    return read_user(user) if user else None


def split_tags(joined: str) -> tuple[str, ...]:
    """The tags of a photo as they come back: joined by commas, a space inside one is a space."""
    parts = (part.strip() for part in joined.replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def number(tree: Tree, name: str) -> int | None:
    return _number(tree.get(name)) if isinstance(tree, dict) else None


def _number(value: Tree) -> int | None:
    if value is None:
        return None
    return _whole(value if isinstance(value, str) else text_of(value))


@lru_cache(maxsize=1024)
def _whole(text: str) -> int | None:
    """Cached, since a page of photos repeats the same sizes a thousand times."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def _view(tree: Tree) -> View:
    get = (tree if isinstance(tree, dict) else {}).get
    return View(
        text_of(get("url")),
        text_of(get("size")),
        _number(get("requestWidth")),
        _number(get("requestHeight")),
        _number(get("actualWidth")),
        _number(get("actualHeight")),
    )


def _comment(tree: Tree) -> Comment:
    return Comment(
        date=text(tree, "date"),
        nickname=text(tree, "nickname"),
        website=text(tree, "website"),
        body=text(tree, "body"),
    )


def _color(tree: Tree) -> tuple[int, int, int] | None:
    red, green, blue = number(tree, "red"), number(tree, "green"), number(tree, "blue")
    if red is None or green is None or blue is None or max(red, green, blue) > 255:
        return None
    return red, green, blue


def _flag(tree: Tree, name: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text(tree, name).lower())


def _required(tree: Tree, name: str, operation: str) -> str:
    value = text_of(tree.get(name)) if isinstance(tree, dict) else ""
    if not value:
        raise ProtocolError(f"an entity without {name}", provider=PROVIDER, operation=operation)
    return value


def _raw(tree: Tree) -> str:
    """Without passwords: the owner's answer holds those of photos and albums in clear, and the service
    keeps them for us. Below the entity's own there is hardly ever one."""
    serialized = _write({name: each for name, each in tree.items() if name != "password"})
    return _write(_without_passwords(tree)) if '"password"' in serialized else serialized


def _without_passwords(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_passwords(each) for name, each in value.items() if name != "password"}
    if isinstance(value, list):
        return [_without_passwords(each) for each in value]
    return value
