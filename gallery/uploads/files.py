"""Our copy of a file: stored durably before a person is told that it is safe, let go when it is stored."""

import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from gallery.uploads.models import Upload
from gallery.uploads.states import AT_REST
from providers.durable import store_file

logger = logging.getLogger(__name__)

FOLDER = "uploads"
INCOMING = f"{FOLDER}/incoming"  # on the same disk, so that saving a file is a rename


def local_path(name: str) -> Path | None:
    """Where a file lies on this machine's disk; None on object storage."""
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        return None


def incoming_folder() -> Path | None:
    """Where files are written while they come in; None: the system's temporary folder."""
    folder = local_path(INCOMING)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def store_upload(path: Path, extension: str) -> str:
    """The name under which the file at `path`, whole, now lies on storage for good."""
    name = f"{FOLDER}/{timezone.now():%Y-%m-%d}/{secrets.token_hex(16)}.{extension}"
    return store_file(path, name, moves=True)


def delete_file(name: str | None) -> None:
    """Safe to repeat. Storage that does not answer is left to the clearing of strays."""
    try:
        if name:
            default_storage.delete(name)
    except OSError:
        logger.warning("an upload's file could not be deleted from storage")


def forget_file(upload: Upload) -> None:
    """Delete our copy, then say so in the row: a kill in between leaves something to repeat."""
    if upload.file:
        delete_file(upload.file.name)
        upload.change(file="")


def clear_strays(names: Iterable[str] | None = None) -> int:
    """Delete day-old files that no row names: what a killed web process left. Returns how many.

    Not earlier: the first file of a long form waits on disk until the last one is here. `names`: look at
    these alone.
    """
    oldest, removed = timezone.now() - settings.UPLOAD_STRAY_AFTER, 0
    for name in list(_all_names() if names is None else names):
        with suppress(FileNotFoundError):  # let go of by a worker in this moment
            is_old = default_storage.get_modified_time(name) < oldest
            if is_old and not Upload.objects.filter(file=name).exists():
                delete_file(name)
                removed += 1
    return removed


def _all_names(folder: str = FOLDER) -> Iterator[str]:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for each in folders:
        yield from _all_names(f"{folder}/{each}")


def clear_old_files() -> int:
    """Let go of files whose upload ended otherwise than stored, a while ago. Returns how many."""
    oldest = timezone.now() - timedelta(days=settings.UPLOAD_KEEP_DAYS)
    ended = Upload.objects.filter(status__in=AT_REST, updated_at__lt=oldest).exclude(file="")
    for upload in ended:
        forget_file(upload)
    return len(ended)
