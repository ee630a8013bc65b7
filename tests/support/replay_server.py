"""A small HTTP server that answers what it is told, byte for byte, and keeps what it was asked.

It stands for a service, or for somebody who pretends to be one. Replies are queued; each request
takes the next one. With nothing queued it answers 404, and the test sees it in `requests`.
"""

import contextlib
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class ReceivedRequest:
    """One request as it came in: `head` is the request line and headers, raw."""

    method: str
    target: str
    head: bytes
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    def header(self, name: str) -> str:
        """The value of a header, "" when it was not sent."""
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return ""


@dataclass(frozen=True)
class Answer:
    """`send` writes to the connection, which is then closed. Without `reads_body` it goes out at once."""

    send: Callable[[socket.socket], None]
    reads_body: bool = True


def http(
    body: bytes,
    status: int = 200,
    media_type: str = "text/xml; charset=UTF-8",
    headers: Sequence[tuple[str, str]] = (),
    length: int | None = None,
) -> bytes:
    """The bytes of a whole HTTP answer; `length` is what it claims, when that is not the truth."""
    lines = [
        f"HTTP/1.1 {status} Told",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body) if length is None else length}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def says(raw: bytes) -> Answer:
    """These bytes, then the end."""
    return Answer(lambda connection: connection.sendall(raw))


def hangs(seconds: float = 5) -> Answer:
    """Nothing at all, for a while."""
    return Answer(lambda connection: time.sleep(seconds))


def hangs_up(*, reads_body: bool = True) -> Answer:
    """The line is cut without a word, with or without having listened to the whole request."""
    return Answer(lambda connection: None, reads_body=reads_body)


def drips(raw: bytes, *, fast: int = 0, pause: float = 0.1) -> Answer:
    """The first `fast` bytes at once, the others one by one."""

    def send(connection: socket.socket) -> None:
        connection.sendall(raw[:fast])
        for value in raw[fast:]:
            connection.sendall(bytes([value]))
            time.sleep(pause)

    return Answer(send)


def floods(head: bytes, block: bytes, *, times: int) -> Answer:
    """`head` and then `block` again and again."""

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(times):
            connection.sendall(block)

    return Answer(send)


class ReplayServer:
    """Used as a context manager; `url` has no slash at its end."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.requests: list[ReceivedRequest] = []
        self._responses: deque[Answer] = deque()
        self._lines: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def queue(self, *responses: Answer | bytes) -> None:
        """What to answer next, in order."""
        self._responses.extend(says(answer) if isinstance(answer, bytes) else answer for answer in responses)

    def __enter__(self) -> "ReplayServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Closing alone would leave the thread in accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in list(self._lines):  # nobody waits for an answer that hangs once the test is over
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._lines.add(connection)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        # A client that gives up in the middle is what many of these tests are about.
        with contextlib.suppress(OSError), connection:
            head, rest = _read_head(connection)
            if not head:
                return
            answer = self._responses.popleft() if self._responses else says(http(b"nothing queued", 404))
            body = b"".join(_read_body(connection, head, rest)) if answer.reads_body else rest
            method, target, _ = head.decode("latin-1").split("\r\n")[0].split(" ", 2)
            self.requests.append(ReceivedRequest(method, target, head, body))
            answer.send(connection)


def _read_head(connection: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        block = connection.recv(65536)
        if not block:
            return b"", b""
        data += block
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def _read_body(connection: socket.socket, head: bytes, rest: bytes) -> Iterator[bytes]:
    left = int(ReceivedRequest("", "", head, b"").header("content-length") or 0) - len(rest)
    yield rest
    while left > 0:
        block = connection.recv(65536)
        if not block:
            return
        left -= len(block)
        yield block
