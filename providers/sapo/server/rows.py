"""Rows by a name or an id, by SQL that costs nothing to write.

For each call Django writes the SQL of a queryset anew, which takes four times as long as finding the
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
    names, converters = _reading(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchall()
    made = []
    for row in found:
        told = list(row)
        for place, convert, column in converters:
            told[place] = convert(told[place], column, connection)
        made.append(model.from_db(DEFAULT_DB_ALIAS, names, told))
    return made


@cache
def _reading(model: type[Model], _vendor: str) -> tuple[list[str], list[tuple[int, Callable[..., Any], Any]]]:
    """The names of the columns, and what has to be done to which of them."""
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


def use_up(ticket: UploadToken) -> bool:
    """Mark it as used; False where it was used already."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {ticket._meta.db_table} SET used_at = %s WHERE id = %s AND used_at IS NULL",  # noqa: S608
            [connection.ops.adapt_datetimefield_value(timezone.now()), ticket.pk],
        )
        return bool(cursor.rowcount == 1)


def write(model: type[Model], column: str, key: int, values: Mapping[str, object]) -> None:
    """Set columns of the rows whose `column` is `key`."""
    if not values:
        return
    sets = ", ".join(f"{name} = %s" for name in values)
    fields = (cast("Field[Any, Any]", model._meta.get_field(name)) for name in values)
    ready = [
        each.get_db_prep_save(value, connection) for each, value in zip(fields, values.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {sets} WHERE {column} = %s", [*ready, key])  # noqa: S608


def add_to(model: type[Model], pk: int, amounts: Mapping[str, int]) -> None:
    """Add to columns of the row with that id."""
    sums = ", ".join(f"{column} = {column} + %s" for column in amounts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET {sums} WHERE id = %s",  # noqa: S608  (as above)
            [*amounts.values(), pk],
        )


def _places(values: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(values))
