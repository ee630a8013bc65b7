"""Reading a multipart form as it arrives, part after part, without ever having one whole in memory.

Django's own parser gives an empty form, without an error, for the header that the old Mac client
sends, drops file parts that lack a file name and does not tell a broken body from a whole one
(docs/protocols/sapo.md, upload).
"""

import re
from collections.abc import Callable, Iterator

from django.utils.http import parse_header_parameters

Bytes = bytes | memoryview
BLOCK_BYTES = 256 * 1024
MAX_HEADER_BYTES = 16 * 1024
MAX_PARTS = 100
_BOUNDARY = re.compile(r"boundary=(\"[^\"]{1,200}\"|[^\s;,\"]{1,200})", re.IGNORECASE)


class MultipartError(ValueError):
    """The body is not a whole multipart form."""


def boundary_of(content_type: str) -> bytes:
    """The boundary that a Content-Type header names.

    The Mac client writes a comma where the semicolon belongs. Raises MultipartError.
    """
    found = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or found is None:
        raise MultipartError("not a multipart form")
    return found[1].strip('"').encode("latin-1", "replace")


class Part:
    """One part of the form. Its `blocks` can be read once, before the next part is read."""

    def __init__(self, headers: dict[str, str], blocks: Iterator[Bytes]) -> None:
        _, disposition = parse_header_parameters(headers.get("content-disposition", ""))
        self.name = disposition.get("name", "")
        self.filename = disposition.get("filename")
        self.content_type = headers.get("content-type", "").lower()
        self.blocks = blocks

    @property
    def is_file(self) -> bool:
        """A part with a file name, or one whose type says that it is no text."""
        return self.filename is not None or not self.content_type.startswith(
            ("", "text/")[bool(self.content_type)]
        )

    def text(self, max_bytes: int) -> str:
        """The part as text, cut at `max_bytes`."""
        text = b""
        for block in self.blocks:
            text += bytes(block[: max_bytes - len(text)])
        return text.decode("utf-8", "replace")


class MultipartReader:
    """The parts of the body that `read(size)` gives. Raises MultipartError where the form breaks off."""

    def __init__(self, read: Callable[[int], bytes], boundary: bytes) -> None:
        self._read = read
        self._delimiter = b"\r\n--" + boundary
        self._buffer = b"\r\n"  # so that the first boundary looks like all others

    def __iter__(self) -> Iterator[Part]:
        self._drain(self._blocks())  # whatever is before the first boundary means nothing
        for _ in range(MAX_PARTS):
            if self._is_last():
                return
            blocks = self._blocks()
            yield Part(self._headers(), blocks)
            self._drain(blocks)
        raise MultipartError("too many parts")

    def _blocks(self) -> Iterator[Bytes]:
        """Everything up to the next boundary, which is skipped."""
        overlap = len(self._delimiter) - 1
        while (end := self._buffer.find(self._delimiter)) < 0:
            ready = len(self._buffer) - overlap
            if ready > 0:
                held, self._buffer = self._buffer, self._buffer[ready:]
                yield memoryview(held)[:ready]  # most of a file passes here, uncopied
            block = self._next()
            # Joined only where a boundary may lie across both: a copy of each block takes time.
            if len(block) > overlap and self._delimiter not in self._buffer + block[:overlap]:
                yield self._buffer
                self._buffer = block
            else:
                self._buffer += block
        held, self._buffer = self._buffer, self._buffer[end + len(self._delimiter) :]
        if end:
            yield held[:end]

    def _more(self) -> None:
        self._buffer += self._next()

    def _next(self) -> bytes:
        block = self._read(BLOCK_BYTES)
        if not block:
            raise MultipartError("the form breaks off")
        return block

    def _is_last(self) -> bool:
        while len(self._buffer) < 2:
            self._more()
        return self._buffer.startswith(b"--")

    def _headers(self) -> dict[str, str]:
        # The boundary's own line ends first; spaces may stand before its end.
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > MAX_HEADER_BYTES:
                raise MultipartError("a part without an end to its headers")
            self._more()
        lines = self._buffer[:end].decode("utf-8", "replace").split("\r\n")
        if end > MAX_HEADER_BYTES or lines[0].strip():
            raise MultipartError("a part does not begin with its headers")
        self._buffer = self._buffer[end + 4 :]
        pairs = (line.partition(":") for line in lines[1:])
        return {name.strip().lower(): value.strip() for name, _, value in pairs}

    @staticmethod
    def _drain(blocks: Iterator[Bytes]) -> None:
        for _ in blocks:
            pass
