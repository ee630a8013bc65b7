"""Receives the form of an upload: the file goes to disk block by block, never whole into memory."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from providers.sapo.protocol import UPLOAD_REDIRECT_FIELD, UPLOAD_TOKEN_FIELD
from providers.sapo.server.wire.bodies import body_stream
from providers.sapo.server.wire.multipart import (
    BLOCK_BYTES,
    MultipartError,
    MultipartReader,
    Part,
    boundary_of,
)

_FIELD_BYTES = 4096
_FORM_BYTES = 64 * 1024  # around the file, and for a form without one
_STALE_SECONDS = 24 * 3600


@dataclass(slots=True)
class UploadForm:
    """What one POST contained. `path` is the first file on disk; `is_whole` is False for a form that
    breaks off, `is_too_large` is True when the site accepts no file of that size."""

    path: Path
    fields: dict[str, str] = field(default_factory=dict)
    began_at: datetime = field(default_factory=timezone.now)
    file_count: int = 0
    is_whole: bool = True
    is_too_large: bool = False

    @property
    def token(self) -> str:
        return self.fields.get(UPLOAD_TOKEN_FIELD, "").strip()

    @property
    def redir(self) -> str:
        return self.fields.get(UPLOAD_REDIRECT_FIELD, "").strip()


def incoming_folder() -> Path:
    """Where files are while they arrive: beside the stored ones where these are on disk, so that
    storing one is a rename."""
    try:
        folder = Path(default_storage.path("incoming"))
    except NotImplementedError:  # object storage
        return Path(tempfile.gettempdir())
    folder.mkdir(parents=True, exist_ok=True)
    _remove_stale(folder)
    return folder


def _remove_stale(folder: Path) -> None:
    """What a killed process left behind."""
    oldest = time.time() - _STALE_SECONDS
    for entry in os.scandir(folder):
        with suppress(FileNotFoundError):  # another process may remove it in this moment
            if entry.name.startswith("sapo-") and entry.stat().st_mtime < oldest:
                Path(entry.path).unlink()


@contextmanager
def received(request: HttpRequest) -> Iterator[UploadForm]:
    """The form in `request`. Its file is deleted after the block, unless it was moved away."""
    handle, name = tempfile.mkstemp(prefix="sapo-", dir=incoming_folder())
    form = UploadForm(path=Path(name))
    try:
        with os.fdopen(handle, "wb") as file:
            _read_form(request, form, file)
        yield form
    finally:
        form.path.unlink(missing_ok=True)


def _read_form(request: HttpRequest, form: UploadForm, file: BinaryIO) -> None:
    read = _bounded_read(request)
    content_type = request.META.get("CONTENT_TYPE", "")
    if content_type.lower().startswith("application/x-www-form-urlencoded"):
        form.fields = QueryDict(read(_FORM_BYTES), encoding="utf-8").dict()
        return
    try:
        for part in MultipartReader(read, boundary_of(content_type)):
            _read_part(part, form, file)
    except MultipartError:
        form.is_whole = False
        _read_to_end(read)
    except _TooMuch:
        form.is_too_large = True


class _TooMuch(Exception):
    """More was sent than will be read."""


def _bounded_read(request: HttpRequest) -> Callable[[int], bytes]:
    """Reads the body as the server passes it on, so that a body sent in chunks is read too.

    Of a body beyond the limit as much again is read: a sender that is cut off while sending never reads the
    response.
    """
    stream = body_stream(request)
    left = 2 * (settings.SERVER_MAX_FILE_BYTES + _FORM_BYTES)

    def read(size: int) -> bytes:
        nonlocal left
        try:
            block = stream.read(size)
        except OSError:  # the sender went away
            return b""
        left -= len(block)
        if left < 0:
            raise _TooMuch
        return block

    return read


def _read_to_end(read: Callable[[int], bytes]) -> None:
    with suppress(_TooMuch):
        while read(BLOCK_BYTES):
            pass


def _read_part(part: Part, form: UploadForm, file: BinaryIO) -> None:
    if not part.is_file:
        if part.name in (UPLOAD_TOKEN_FIELD, UPLOAD_REDIRECT_FIELD):
            form.fields[part.name] = part.text(_FIELD_BYTES)
        return
    size = 0
    for block in part.blocks:
        size += len(block)
        if size > settings.SERVER_MAX_FILE_BYTES:
            form.is_too_large = True
        elif not form.file_count:
            file.write(block)
    # A browser sends a file field that was left empty as a nameless part of no bytes.
    if size or part.filename:
        form.file_count += 1
