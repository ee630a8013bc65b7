"""Reading the multipart form of AddMediaObj as it arrives (orange.md 7.6; RFC 7578 only).

The fields come before the file, so the sender is authorized before a byte of the file is stored.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser

from providers.orange.protocol import ErrorCode, Parameter
from providers.orange.server.errors import ServiceError, too_large
from providers.orange.server.parameters import Parameters, decode, from_fields, from_query

_FORM_BYTES = 8 * 1024 * 1024  # of a form around its file, at most
_END_BYTES = 256  # a boundary has 70 characters at most, and spaces may follow it

# Authorizes the sender of these parameters: returns the most bytes the file may have, or raises the error.
Authorization = Callable[[Parameters], int]


@dataclass(frozen=True, slots=True)
class ReceivedForm:
    """A form that was read to its end; `path` is None when it contained no file."""

    parameters: Parameters
    path: Path | None
    filename: str


class _Body:
    """The request's body, also one sent in chunks; knows whether it was complete."""

    def __init__(self, request: HttpRequest) -> None:
        self._is_chunked = request.headers.get("Transfer-Encoding", "").lower() == "chunked"
        # Django reads nothing of what has no length; the web server knows where the chunks end.
        self._source = request.environ["wsgi.input"] if self._is_chunked else request  # type: ignore[attr-defined]
        self.announced = int(request.META.get("CONTENT_LENGTH") or 0)
        self._total = 0
        self._end = b""

    def read(self, size: int) -> bytes:
        """The next bytes. Raises ServiceError 9006 beyond what any file of the site may have."""
        block: bytes = self._source.read(size)
        self._total += len(block)
        if self._total > settings.SERVER_MAX_FILE_BYTES + _FORM_BYTES:
            raise too_large(settings.SERVER_MAX_FILE_BYTES)
        self._end = (self._end + block[-_END_BYTES:])[-_END_BYTES:]
        return block

    @property
    def is_whole(self) -> bool:
        """With chunks, only the dashes of the closing boundary show it."""
        if self._is_chunked:
            return self._end.rstrip().endswith(b"--")
        return self._total >= self.announced


class _Form(MultiPartParser):
    """Django's parser, with access to what it has read so far."""

    def __init__(self, request: HttpRequest, body: _Body, writer: "_FileWriter") -> None:
        self._query_pairs = from_query(request.META.get("QUERY_STRING", ""))
        kind, joint, rest = request.META.get("CONTENT_TYPE", "").partition(";")
        # A length of 0 would make the parser skip a body sent in chunks.
        meta = {"CONTENT_TYPE": f"{kind.lower()}{joint}{rest}", "CONTENT_LENGTH": body.announced or 1}
        super().__init__(meta, body, [writer], "latin-1")  # type: ignore[arg-type]

    def sanitize_file_name(self, file_name: str) -> str | None:
        """The last part of the name as it was sent; Django's own would unescape it as HTML."""
        return decode(file_name).replace("\\", "/").rpartition("/")[2] or None

    def parameters(self) -> Parameters:
        fields: QueryDict = self._post  # type: ignore[attr-defined]
        return Parameters([*from_fields(fields), *self._query_pairs])


class _FileWriter(FileUploadHandler):
    """Writes the one file to disk while counting it.

    A refused file is read to its end and not stored: a sender that is cut off would never read why.
    """

    def __init__(self, file: IO[bytes], authorize: Callable[[], int]) -> None:
        super().__init__()
        self._file = file
        self._authorize = authorize
        self._max_bytes = 0
        self.refusal: Exception | None = None
        self.filename: str | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        if self.filename is not None or field_name.lower() != Parameter.FILE.lower():
            raise SkipFile
        self.filename = file_name
        try:
            self._max_bytes = self._authorize()
        except Exception as refusal:  # whatever it is, it is raised once the form was read
            self.refusal = refusal
            raise SkipFile from None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > self._max_bytes:
            self.refusal = too_large(self._max_bytes)
            raise SkipFile
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> None:
        self._file.flush()


@contextmanager
def received(request: HttpRequest, authorize: Authorization) -> Iterator[ReceivedForm]:
    """The form, with its file on this machine's disk for as long as the context lasts.

    Raises what `authorize` raises, ServiceError 9006, and MultiPartParserError for a broken form.
    """
    body = _Body(request)
    with tempfile.NamedTemporaryFile(prefix="pomar-orange-") as file:
        writer = _FileWriter(file, lambda: authorize(form.parameters()))
        form = _Form(request, body, writer)
        try:
            form.parse()
        except ServiceError as too_long:
            raise writer.refusal or too_long from None
        if not body.is_whole:
            raise ServiceError(ErrorCode.BAD_IMAGE, "the form broke off", status=400)
        if writer.refusal:
            raise writer.refusal
        path = None if writer.filename is None else Path(file.name)
        yield ReceivedForm(form.parameters(), path, writer.filename or "")
