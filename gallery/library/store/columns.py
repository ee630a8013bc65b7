"""From what a service tells (providers.contract.entities) to our rows, many of them in one statement.

The ORM's own bulk_create spends four fifths of a large sync on compiling each value of each row
(decision 18).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from typing import Any

from django.db import connection, models

from gallery.accounts.models import LinkedAccount
from gallery.library import tiles
from gallery.library.fulltext import words_of
from gallery.library.models import Photo
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


def tag_names(photo: entities.Photo) -> dict[str, str]:
    """Slug to name, each once, in the service's order."""
    names: dict[str, str] = {}
    for name in photo.tags:
        if slug := tag_slug(line(name, 100)):
            names.setdefault(slug, line(" ".join(name.split()), 100))
    return names


def fingerprint(photo: entities.Photo, album_pks: Iterable[int]) -> str:
    """Of all that a photo's row and its places hold: equal means that there is nothing to write."""
    parts = (
        *(photo.title, photo.subtitle, photo.description, photo.created_at, photo.filename, photo.byte_size),
        *(photo.media_type, photo.width, photo.height, photo.tags, photo.rating, photo.view_count),
        photo.comments,
        *(photo.is_adult, photo.is_active, photo.has_password, photo.colour, photo.page_url, photo.raw),
        *([photo.taken_at] if photo.taken_at else []),
        *((part.url, part.max_width, part.max_height) for part in photo.renditions),
        sorted(album_pks),
    )
    return blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What is derived for a photo's row from what its service says: when it was taken, and how it looks."""

    taken_at: datetime
    ratio_class: str
    colour_class: str


def derive(photo: entities.Photo, taken_at: datetime, was: Derived | None) -> Derived:
    """What the service tells goes first; else what the picture proxy saw of an earlier picture stays."""
    ratio, colour = _ratio_class(photo.width, photo.height), ""
    if photo.colour:
        colour = _colour_class(*photo.colour)
    elif was:
        colour = was.colour_class
    if was and not photo.width:
        ratio = was.ratio_class
    return Derived(taken_at=taken_at, ratio_class=ratio, colour_class=colour)


def photo_values(
    account: LinkedAccount,
    photo: entities.Photo,
    names: Iterable[str],
    derived: Derived,
    digest: str,
    now: Any,
) -> tuple[Any, ...]:
    """A photo's row as PHOTO_COLUMNS; `names` are its tags, `now` an adapted date."""
    tags = list(names)
    taken_at = adapted_date(derived.taken_at)
    values = {
        "account_id": account.pk,
        "owner_id": account.user_id,
        "taken_at": taken_at,
        "created_at": taken_at if photo.created_at is derived.taken_at else adapted_date(photo.created_at),
        "tag_names": _json(tags),
        "ratio_class": derived.ratio_class,
        "colour_class": derived.colour_class,
        "words": words_of(
            account.user_id, [photo.title, photo.subtitle, photo.description, photo.filename, *tags]
        ),
        "fingerprint": digest,
        "added_at": now,
        **_as_the_service_has_it(photo),
        **_pictures(photo),
    }
    return tuple(values[column] for column in PHOTO_COLUMNS)


def _as_the_service_has_it(photo: entities.Photo) -> dict[str, Any]:
    return {
        "remote_id": photo.remote_id,
        "title": line(photo.title, 500),
        "subtitle": line(photo.subtitle, 500),
        "description": line(photo.description, 100_000),
        "filename": line(photo.filename, 300),
        "byte_size": photo.byte_size,
        "media_type": line(photo.media_type, 60),
        "width": photo.width,
        "height": photo.height,
        "rating": line(photo.rating, 30),
        "view_count": photo.view_count,
        "comments": _json([_comment(comment) for comment in photo.comments]),
        "is_adult": photo.is_adult,
        "is_active": photo.is_active,
        "has_password": photo.has_password,
        "page_url": web_address(photo.page_url),
        "raw": photo.raw.replace("\0", ""),
    }


def _pictures(photo: entities.Photo) -> dict[str, Any]:
    """Where its pictures are; another `picture_key` tells caches that they are others."""
    renditions = [[part.url, part.max_width, part.max_height] for part in photo.renditions]
    identity = repr((renditions, photo.width, photo.height, photo.byte_size)).encode(
        "utf-8", "backslashreplace"
    )
    return {"renditions": _json(renditions), "picture_key": blake2b(identity, digest_size=6).hexdigest()}


def _json(value: list[Any]) -> str:
    return json.dumps(value).replace("\\u0000", "") if value else "[]"


def _comment(comment: entities.Comment) -> dict[str, str | None]:
    return {
        "author": comment.author.replace("\0", ""),
        "body": comment.body.replace("\0", ""),
        "website": web_address(comment.website),
        "written_at": comment.written_at.isoformat() if comment.written_at else None,
    }


def adapted_date(value: datetime | None) -> Any:
    """A date as the database's driver takes it."""
    return connection.ops.adapt_datetimefield_value(value)


def insert(
    model: type[models.Model],
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    *,
    unique: tuple[str, ...] = (),
    preserved: tuple[str, ...] = (),
    returning: tuple[str, ...] = (),
) -> list[tuple[Any, ...]]:
    """Insert rows; where one with the same `unique` columns is there, overwrite it, except `preserved`."""
    if not rows:
        return []
    statement = _statement(model._meta.db_table, columns, len(rows), unique, preserved, returning)
    with connection.cursor() as cursor:
        cursor.execute(statement, list(chain.from_iterable(rows)))
        return list(cursor.fetchall()) if returning else []


@lru_cache(maxsize=64)
def _statement(
    table: str,
    columns: tuple[str, ...],
    count: int,
    unique: tuple[str, ...],
    preserved: tuple[str, ...],
    returning: tuple[str, ...],
) -> str:
    """All names are ours, from the models; all values are parameters."""
    row = f"({', '.join(['%s'] * len(columns))})"
    parts = [f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"]  # noqa: S608
    if unique:
        changed = [f"{name} = excluded.{name}" for name in columns if name not in (*unique, *preserved)]
        parts.append(f"ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {', '.join(changed)}")
    if returning:
        parts.append(f"RETURNING {', '.join(returning)}")
    return " ".join(parts)
