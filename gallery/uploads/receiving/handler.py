"""Takes in files that a browser sends, in large blocks, straight to where they will be stored."""

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from gallery.uploads.files import incoming_folder

FIELD = "files"


class Incoming(UploadedFile[bytes]):
    """A file that came in whole, on disk and not yet accepted. `discard` when it is not."""

    def __init__(self, file: IO[bytes], name: str, size: int, sha256: str) -> None:
        super().__init__(file, name, "application/octet-stream", size)
        self.path = Path(file.name)
        self.sha256 = sha256

    def discard(self) -> None:
        _close(self.file)
        self.path.unlink(missing_ok=True)


class IncomingHandler(FileUploadHandler):
    """Writes and counts; a file that cannot be taken is dropped while it arrives, the others go on.

    `dropped` are their names, and why: "too_large", or "not_kept" where our own disk refused it.
    """

    chunk_size = 256 * 1024

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.dropped: list[tuple[str, str]] = []
        self._whole: list[Incoming] = []
        self._current: IO[bytes] | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        if field_name != FIELD:
            raise SkipFile
        self._discard()
        try:
            self._current = tempfile.NamedTemporaryFile(dir=incoming_folder(), delete=False)  # noqa: SIM115
        except OSError:
            self._drop("not_kept")
        self._hash = hashlib.sha256()
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._current is None:
            return
        self._size += len(raw_data)
        if self._size > settings.UPLOAD_MAX_FILE_BYTES:
            self._drop("too_large")
        self._hash.update(raw_data)
        try:
            self._current.write(raw_data)
        except OSError:
            self._drop("not_kept")

    def file_complete(self, file_size: int) -> Incoming | None:
        if self._current is None:
            return None
        try:
            self._current.flush()
        except OSError:
            self.dropped.append((self.file_name or "", "not_kept"))
            self._discard()
            return None
        file, self._current = self._current, None
        incoming = Incoming(file, self.file_name or "", self._size, self._hash.hexdigest())
        self._whole.append(incoming)
        return incoming

    def upload_interrupted(self) -> None:
        self._discard()

    def discard_rest(self) -> None:
        """At the end of the request: whatever was not accepted, why ever, leaves nothing behind."""
        self._discard()
        for incoming in self._whole:
            incoming.discard()

    def _drop(self, reason: str) -> None:
        self.dropped.append((self.file_name or "", reason))
        self._discard()
        raise SkipFile

    def _discard(self) -> None:
        if self._current is not None:
            _close(self._current)
            Path(self._current.name).unlink(missing_ok=True)
            self._current = None


def _close(file: IO[bytes] | None) -> None:
    """A full disk says no once more when what is left in the buffer is written."""
    try:
        if file is not None:
            file.close()
    except OSError:
        return


class _WholeBody:
    """The body of a request. The web server ends one that broke off as if it had been whole."""

    def __init__(self, stream: Any, byte_size: int) -> None:
        self._stream = stream
        self._left = byte_size

    def read(self, *args: int) -> bytes:
        return self._counted(self._stream.read(*args))

    def readline(self, *args: int) -> bytes:
        return self._counted(self._stream.readline(*args))

    def _counted(self, block: bytes) -> bytes:
        self._left -= len(block)
        if not block and self._left > 0:
            raise OSError("the body broke off")
        return block


def expect_whole(request: HttpRequest) -> None:
    """From now on a body that is shorter than announced cannot be read: half a file is no file."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    if announced.isdecimal():
        request._stream = _WholeBody(request._stream, int(announced))  # type: ignore[assignment]


def taken_in(files: Mapping[str, Any]) -> list[Incoming]:
    """The files of a form's `request.FILES`."""
    getlist = getattr(files, "getlist", None)
    return [file for file in (getlist(FIELD) if getlist else []) if isinstance(file, Incoming)]
