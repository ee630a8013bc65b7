"""Rows by a name or an id, with SQL that is composed once.

Django composes the SQL of a queryset anew for each call, which takes four times as long as finding the
row by its index. Every operation looks for a token, a person and an album or a photo
(decision 47).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model
from django.utils import timezone

from providers.sapo.server.models import Album, Image, ImageAlbum, Person, Token, UploadToken

_M = TypeVar("_M", bound=Model)


class RowBy(Generic[_M]):
    """Finds a row of `model` by the values of `columns`, which are unique together.

    `locks`: for the rest of the transaction, where the database can.
    """

    def __init__(self, model: type[_M], *columns: str, locks: bool = False) -> None:
        self._model, self._columns, self._locks = model, columns, locks

    def __call__(self, *values: str | int) -> _M | None:
        return next(iter(_rows(self._model, self._sql, values)), None)

    @cached_property
    def _sql(self) -> str:
        condition = " AND ".join(f"{name} = %s" for name in self._columns)
        locks = self._locks and connection.features.has_select_for_update
        return _select(self._model, condition) + (" FOR UPDATE" if locks else "")


token_by_hash = RowBy(Token, "token_hash")
person_by_id = RowBy(Person, "id")
person_by_name = RowBy(Person, "username")
album_by_number = RowBy(Album, "owner_id", "number")
image_by_uid = RowBy(Image, "uid")
image_by_id = RowBy(Image, "id")
image_to_change = RowBy(Image, "id", locks=True)
upload_token_by_hash = RowBy(UploadToken, "token_hash")


def _select(model: type[Model], condition: str) -> str:
    columns = ", ".join(str(field.column) for field in model._meta.concrete_fields)
    return f"SELECT {columns} FROM {model._meta.db_table} WHERE {condition}"  # noqa: S608  (names of ours)


def _rows(model: type[_M], sql: str, values: Sequence[str | int]) -> list[_M]:
    """The rows that a `_select` finds, as Django's own queries make them."""
    names, converters = _converters(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchall()
    instances = []
    for row in found:
        converted = list(row)
        for place, convert, column in converters:
            converted[place] = convert(converted[place], column, connection)
        instances.append(model.from_db(DEFAULT_DB_ALIAS, names, converted))
    return instances


# (position of the column, the conversion of its values, the column) for each that needs one.
_Converters = list[tuple[int, Callable[..., Any], Any]]


@cache
def _converters(model: type[Model], _vendor: str) -> tuple[list[str], _Converters]:
    """The names of the columns, and how values of the database become values of Python."""
    fields = model._meta.concrete_fields
    columns = [field.get_col(model._meta.db_table) for field in fields]
    converters = [
        (place, convert, column)
        for place, column in enumerate(columns)
        for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
    ]
    return [field.attname for field in fields], converters


def images_with_ids(ids: Iterable[int]) -> list[Image]:
    """The photos that there are, in the order of `ids`."""
    wanted = list(ids)
    if not wanted:
        return []
    rows = _rows(Image, _select(Image, f"id IN ({_places(wanted)})"), wanted)
    found = {image.pk: image for image in rows}
    return [found[pk] for pk in wanted if pk in found]


def images_with_owners(ids: Iterable[int], owner: Person | None = None) -> list[Image]:
    """The photos with their owners, in the order of `ids`; `owner` is given where all are one person's."""
    images = images_with_ids(ids)
    # Each owner once: a join would make one for every photo.
    others = {image.owner_id for image in images} - {owner.pk if owner else None}
    owners = Person.objects.in_bulk(others) if others else {}
    owners |= {owner.pk: owner} if owner else {}
    shown = [image for image in images if image.owner_id in owners]  # some owner may just have gone
    set_owner = Image._meta.get_field("owner").set_cached_value
    for image in shown:
        set_owner(image, owners[image.owner_id])
    return shown


def albums_holding(image_id: int) -> list[tuple[int, bool]]:
    """(id of the album, whether it is "Ao Molho") of every album that holds the photo."""
    placed, album = ImageAlbum._meta.db_table, Album._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT album.id, album.is_special FROM {placed} placed"  # noqa: S608  (as above)
            f" JOIN {album} album ON album.id = placed.album_id WHERE placed.image_id = %s",
            [image_id],
        )
        return [(pk, bool(is_special)) for pk, is_special in cursor.fetchall()]


def placements_of(ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """(id of the photo, number of the album, its title) of every album that holds one of the photos, by
    number; "Ao Molho", where loose photos lie, is none."""
    if not ids:
        return []
    placed, album = ImageAlbum._meta.db_table, Album._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT placed.image_id, album.number, album.title FROM {placed} placed"  # noqa: S608  (as above)
            f" JOIN {album} album ON album.id = placed.album_id"
            f" WHERE placed.image_id IN ({_places(ids)}) AND NOT album.is_special ORDER BY album.number",
            ids,
        )
        found: list[tuple[int, int, str]] = cursor.fetchall()
    return found


def mark_used(upload_token: UploadToken) -> bool:
    """Mark a token as used; False where it was used already."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {upload_token._meta.db_table} SET used_at = %s WHERE id = %s AND used_at IS NULL",  # noqa: S608
            [connection.ops.adapt_datetimefield_value(timezone.now()), upload_token.pk],
        )
        return bool(cursor.rowcount == 1)


def update_rows(model: type[Model], column: str, key: int, values: Mapping[str, object]) -> None:
    """Set fields of the rows whose `column` is `key`."""
    if not values:
        return
    fields = [_field(model, name) for name in values]
    assignments = ", ".join(f"{field.column} = %s" for field in fields)
    prepared = [
        field.get_db_prep_save(value, connection)
        for field, value in zip(fields, values.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET {assignments} WHERE {column} = %s",  # noqa: S608  (as above)
            [*prepared, key],
        )


def increment(model: type[Model], pk: int, amounts: Mapping[str, int]) -> None:
    """Add to fields of the row with that id."""
    columns = [str(_field(model, name).column) for name in amounts]
    sums = ", ".join(f"{column} = {column} + %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET {sums} WHERE id = %s",  # noqa: S608  (as above)
            [*amounts.values(), pk],
        )


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    return cast("Field[Any, Any]", model._meta.get_field(name))


def _places(values: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(values))
