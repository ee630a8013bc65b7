"""A multipart/form-data body that is read from a file while it is sent (RFC 7578)."""

import secrets
from collections.abc import Sequence
from typing import BinaryIO


def _quoted(text: str) -> str:
    """A name as browsers write it into a header: no line break, no quote can get out."""
    return text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


class MultipartFile:
    """Text fields first, one file last. `len()` is exact, so the body goes with a Content-Length."""

    def __init__(
        self,
        fields: Sequence[tuple[str, str]],
        file_field: str,
        filename: str,
        media_type: str,
        file: BinaryIO,
        byte_size: int,
    ) -> None:
        self._boundary = f"pomar{secrets.token_hex(16)}"
        self._head = self._fields_and_file_header(fields, file_field, filename, media_type)
        self._tail = f"\r\n--{self._boundary}--\r\n".encode()
        self._file = file
        self._file_left = byte_size
        self._length = len(self._head) + byte_size + len(self._tail)
        self._sent = 0

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self._boundary}"

    @property
    def is_sent(self) -> bool:
        """Whether every byte was handed to the connection."""
        return self._sent >= self._length

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        """The next bytes: the head, then the file, then the closing boundary."""
        block = self._next(size if size >= 0 else self._length)
        self._sent += len(block)
        return block

    def _next(self, size: int) -> bytes:
        if self._head:
            block, self._head = self._head[:size], self._head[size:]
            return block
        if self._file_left:
            block = self._file.read(min(size, self._file_left))
            if not block:
                raise OSError("the file is shorter than it was")
            self._file_left -= len(block)
            return block
        block, self._tail = self._tail[:size], self._tail[size:]
        return block

    def _fields_and_file_header(
        self, fields: Sequence[tuple[str, str]], file_field: str, filename: str, media_type: str
    ) -> bytes:
        lines = []
        for name, value in fields:
            lines += [
                f"--{self._boundary}",
                f'Content-Disposition: form-data; name="{_quoted(name)}"',
                "",
                value,
            ]
        lines += [
            f"--{self._boundary}",
            f'Content-Disposition: form-data; name="{_quoted(file_field)}"; filename="{_quoted(filename)}"',
            f"Content-Type: {media_type}",
            "",
            "",
        ]
        return "\r\n".join(lines).encode()
