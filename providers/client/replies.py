"""What a call may cost, and what it brings back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds and bytes: `answer` for a whole reply, `list` for one read as it comes."""

    connect: float = 5
    read: float = 15
    answer: float = 45
    upload: float = 600
    list_seconds: float = 600
    answer_bytes: int = 8 * 1024 * 1024
    list_bytes: int = 256 * 1024 * 1024
    picture_bytes: int = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReply:
    """An answer whose body is still on its way: `blocks` can be read once."""

    status: int
    blocks: Iterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()
