"""Files on Django's storage and rows in its database that outlive a power cut from then on."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction

_AHEAD = ThreadPoolExecutor(max_workers=4, thread_name_prefix="sync-ahead")


@contextmanager
def lasting() -> Iterator[None]:
    """A transaction whose end is synced to the disk, with all that were committed before it.

    PostgreSQL's always are; SQLite's only when asked, which costs several milliseconds each.
    """
    asks = connection.vendor == "sqlite" and not connection.in_atomic_block
    if asks:
        connection.ensure_connection()
        _set_synchronous("FULL")
    try:
        with transaction.atomic():
            yield
    finally:
        if asks:
            _set_synchronous("NORMAL")


def _set_synchronous(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={how}")


def store_file(path: Path, name: str, *, moves: bool = False) -> str:
    """The file at `path` as `name`, which must be new, on storage; returns the name it got there.

    `moves`: the file at `path` is ours to take; a rename, where it lies on the same disk. Raises OSError
    with nothing half saved.
    """
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:  # object storage answers when it has the file
        with path.open("rb") as file:
            stored = str(default_storage.save(name, File(file)))
        if moves:
            path.unlink(missing_ok=True)
        return stored
    new_folders = [folder for folder in target.parents if not folder.is_dir()]
    target.parent.mkdir(parents=True, exist_ok=True)
    _place(path, target, moves=moves)
    try:
        for folder in {target.parent, *(folder.parent for folder in new_folders)}:
            _sync(folder)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return name


def sync_ahead(path: Path) -> None:
    """Begin to sync a file that `store_file` may be asked to keep: the disk works while it is looked at."""
    _AHEAD.submit(_sync_if_there, path)


def _sync_if_there(path: Path) -> None:
    with suppress(OSError):  # whoever saves it gets the error
        _sync(path)


def _place(path: Path, target: Path, *, moves: bool) -> None:
    """Whole and synced under its name, or not there at all."""
    partial = target.with_name(f"{target.name}.part")
    try:
        if moves:
            shutil.move(path, partial)
        else:
            shutil.copyfile(path, partial)
        partial.chmod(0o600)
        _sync(partial)
        partial.replace(target)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
