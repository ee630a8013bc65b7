"""Writes that a page can do without, so that it waits for none of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection, transaction

_LOCK_WAIT = 50  # milliseconds


def optional_write(write: Callable[[], object]) -> None:
    """Calls `write` in a transaction, and lets it go where the database is locked or away."""
    with suppress(DatabaseError), _short_lock_wait(), transaction.atomic():
        write()


@contextmanager
def _short_lock_wait() -> Iterator[None]:
    """SQLite has one lock for all who write, and waits long for it; PostgreSQL locks rows alone."""
    connection.ensure_connection()
    if connection.vendor != "sqlite":
        yield
        return
    database = connection.connection
    (usual,) = database.execute("PRAGMA busy_timeout").fetchone()
    database.execute(f"PRAGMA busy_timeout = {_LOCK_WAIT}")
    try:
        yield
    finally:
        database.execute(f"PRAGMA busy_timeout = {usual}")
