"""Many rows in one statement. The ORM's own bulk_create spends four fifths of a large sync on compiling
each value of each row (decision 18); only the library's batches come here.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection, models


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
