"""From what a service tells (providers.contract.entities) to our rows."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from gallery.accounts.models import LinkedAccount
from gallery.library import tiles
from gallery.library.models import Photo
from gallery.library.search.fulltext import words_of
from gallery.library.store.bulk import adapted_date
from providers.contract import entities

_ratio_class = lru_cache(maxsize=4096)(tiles.ratio_class)
_colour_class = lru_cache(maxsize=4096)(tiles.colour_class)

PHOTO_COLUMNS = tuple(str(field.column) for field in Photo._meta.concrete_fields if field.name != "id")
ONCE = ("owner_id", "added_at")  # what a changed photo does not overwrite


def line(text: str, limit: int) -> str:
    """`text` as it fits a column; NUL is no text for PostgreSQL."""
    return text.replace("\0", "")[:limit]


def address(url: str) -> str:
    """An address whole or not at all."""
    return url if len(url) <= 1000 and "\0" not in url else ""


def web_address(url: str) -> str:
    """An address that a link may lead to: nothing that a browser would run."""
    return address(url) if url.startswith(("http://", "https://")) else ""


def tag_slug(name: str) -> str:
    """How a tag is compared and stands in addresses."""
    return " ".join(line(name, 1000).casefold().split())[:100]


def tag_names(told: entities.Photo) -> dict[str, str]:
    """Slug to name, each once, in the service's order."""
    names: dict[str, str] = {}
    for name in told.tags:
        if slug := tag_slug(line(name, 100)):
            names.setdefault(slug, line(" ".join(name.split()), 100))
    return names


def fingerprint(told: entities.Photo, album_pks: Iterable[int]) -> str:
    """Of all that a photo's row and its places hold: equal means that there is nothing to write."""
    parts = (
        *(told.title, told.subtitle, told.description, told.created_at, told.filename, told.byte_size),
        *(told.media_type, told.width, told.height, told.tags, told.rating, told.view_count, told.comments),
        *(told.is_adult, told.is_active, told.has_password, told.colour, told.page_url, told.raw),
        *([told.taken_at] if told.taken_at else []),
        *((part.url, part.max_width, part.max_height) for part in told.renditions),
        sorted(album_pks),
    )
    return blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a photo's row keeps or learns beside what is told: when it was taken, and how it looks."""

    taken_at: datetime
    ratio_class: str
    colour_class: str


def look_of(told: entities.Photo, taken_at: datetime, was: Kept | None) -> Kept:
    """What the service tells goes first; else what the picture proxy saw of an earlier picture stays."""
    ratio, colour = _ratio_class(told.width, told.height), ""
    if told.colour:
        colour = _colour_class(*told.colour)
    elif was:
        colour = was.colour_class
    if was and not told.width:
        ratio = was.ratio_class
    return Kept(taken_at=taken_at, ratio_class=ratio, colour_class=colour)


def photo_values(
    account: LinkedAccount, told: entities.Photo, names: Iterable[str], kept: Kept, digest: str, now: Any
) -> tuple[Any, ...]:
    """A photo's row as PHOTO_COLUMNS; `names` are its tags, `now` an adapted date."""
    tags = list(names)
    texts = [told.title, told.subtitle, told.description, told.filename, *tags]
    renditions = [[part.url, part.max_width, part.max_height] for part in told.renditions]
    seen = repr((renditions, told.width, told.height, told.byte_size)).encode("utf-8", "backslashreplace")
    taken_at = adapted_date(kept.taken_at)
    values = {
        "account_id": account.pk,
        "owner_id": account.user_id,
        "remote_id": told.remote_id,
        "title": line(told.title, 500),
        "subtitle": line(told.subtitle, 500),
        "description": line(told.description, 100_000),
        "taken_at": taken_at,
        "created_at": taken_at if told.created_at is kept.taken_at else adapted_date(told.created_at),
        "filename": line(told.filename, 300),
        "byte_size": told.byte_size,
        "media_type": line(told.media_type, 60),
        "width": told.width,
        "height": told.height,
        "tag_names": _json(tags),
        "rating": line(told.rating, 30),
        "view_count": told.view_count,
        "comments": _json([_comment(comment) for comment in told.comments]),
        "is_adult": told.is_adult,
        "is_active": told.is_active,
        "has_password": told.has_password,
        "page_url": web_address(told.page_url),
        "renditions": _json(renditions),
        "ratio_class": kept.ratio_class,
        "colour_class": kept.colour_class,
        "picture_key": blake2b(seen, digest_size=6).hexdigest(),
        "words": words_of(account.user_id, texts),
        "raw": told.raw.replace("\0", ""),
        "fingerprint": digest,
        "added_at": now,
    }
    return tuple(values[column] for column in PHOTO_COLUMNS)


def _json(value: list[Any]) -> str:
    return json.dumps(value).replace("\\u0000", "") if value else "[]"


def _comment(comment: entities.Comment) -> dict[str, str | None]:
    return {
        "author": comment.author.replace("\0", ""),
        "body": comment.body.replace("\0", ""),
        "website": web_address(comment.website),
        "written_at": comment.written_at.isoformat() if comment.written_at else None,
    }
