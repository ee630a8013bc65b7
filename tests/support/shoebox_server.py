"""A Shoebox, the service of docs/adding-a-provider.md: JSON over HTTP, everybody's photos their own.

It stands for a service that somebody else wrote: it shares nothing with the provider of the document.
"""

import base64
import json
import secrets
import tempfile
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from providers import pictures

_TYPES = ("image/jpeg", "image/png", "image/gif")
_MAX_PIXELS = 100_000_000


class No(Exception):
    """The service says no: an HTTP status and a code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass
class Album:
    id: str
    owner: str
    title: str
    description: str


@dataclass
class Photo:
    id: str
    album: str
    title: str
    description: str
    file: str
    type: str
    bytes: int
    width: int
    height: int
    added: str
    picture: str = field(default_factory=lambda: secrets.token_hex(12))


@dataclass
class Box:
    """What the service holds. Several threads serve it: `lock` is held by each request."""

    keys: dict[str, str] = field(default_factory=dict)  # by person; "" for one that has ended
    albums: dict[str, Album] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add_album(self, owner: str, title: str, description: str = "") -> Album:
        album = Album(secrets.token_hex(6), owner, _line(title, "bad_title"), description)
        self.albums[album.id] = album
        return album

    def add_photo(self, album: Album, content: bytes, filename: str, texts: dict[str, str]) -> Photo:
        facts = _facts(content)
        title = _line(texts.get("title") or filename, "bad_title")
        photo = Photo(
            id=secrets.token_hex(8), album=album.id, title=title, description=texts.get("description", ""),
            file=filename, type=facts.media_type, bytes=len(content), width=facts.width, height=facts.height,
            added=datetime.now(UTC).isoformat(),
        )  # fmt: skip
        self.photos[photo.id], self.contents[photo.picture] = photo, content
        return photo

    def album(self, owner: str, album_id: str) -> Album:
        found = self.albums.get(album_id)
        if found is None or found.owner != owner:
            raise No(404, "no_such_album")
        return found

    def photos_of(self, album: Album) -> list[Photo]:
        return [photo for photo in self.photos.values() if photo.album == album.id]


def _line(text: str, code: str) -> str:
    """One line of at most 300 letters, and no control characters."""
    line = text.replace("\r\n", " ").translate({9: " ", 10: " ", 13: " "}).strip()
    if not line or len(line) > 300 or any(unicodedata.category(letter) == "Cc" for letter in line):
        raise No(400, code)
    return line


def _facts(content: bytes) -> pictures.PictureFacts:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(content)
        try:
            facts = pictures.inspect(Path(file.name), max_pixels=_MAX_PIXELS)
        except pictures.BadPicture:
            raise No(400, "bad_picture") from None
    if facts.media_type not in _TYPES:
        raise No(400, "bad_picture")
    return facts


@dataclass(frozen=True)
class Call:
    """One request of a person, its path in parts."""

    box: Box
    person: str
    parts: list[str]
    texts: dict[str, str]
    filename: str
    content: bytes

    @property
    def album(self) -> Album:
        return self.box.album(self.person, self.parts[1])

    def list_albums(self) -> object:
        own = [album for album in self.box.albums.values() if album.owner == self.person]
        return {"items": [self._reply(album) for album in own]}

    def make_album(self) -> object:
        texts = self.texts
        return self._reply(
            self.box.add_album(self.person, texts.get("title", ""), texts.get("description", ""))
        )

    def rename(self) -> object:
        self.album.title = _line(self.texts.get("title", ""), "bad_title")
        return self._reply(self.album)

    def delete(self) -> object:
        if self.box.photos_of(self.album):
            raise No(409, "album_not_empty")
        del self.box.albums[self.album.id]
        return {}

    def list_photos(self) -> object:
        """Without the descriptions, which may be long."""
        rows = [asdict(photo) for photo in self.box.photos_of(self.album)]
        return {"items": [{name: row[name] for name in row if name != "description"} for row in rows]}

    def add(self) -> object:
        return {"id": self.box.add_photo(self.album, self.content, self.filename, self.texts).id}

    def tell(self) -> object:
        photo = self.box.photos.get(self.parts[1])
        if photo is None or self.box.albums[photo.album].owner != self.person:
            raise No(404, "no_such_photo")
        return asdict(photo)

    def _reply(self, album: Album) -> dict[str, object]:
        return {**asdict(album), "count": len(self.box.photos_of(album))}


# (method, the path with * for an id) -> what is done.
_ROUTES: dict[tuple[str, str], Callable[[Call], object]] = {
    ("GET", "albums"): Call.list_albums,
    ("POST", "albums"): Call.make_album,
    ("POST", "albums/*"): Call.rename,
    ("POST", "albums/*/delete"): Call.delete,
    ("GET", "albums/*/photos"): Call.list_photos,
    ("POST", "albums/*/photos"): Call.add,
    ("GET", "photos/*"): Call.tell,
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    box: Box

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("content-length", 0))))

    def _serve(self, body: bytes) -> None:
        parts = [unquote(part) for part in urlsplit(self.path).path.strip("/").split("/")]
        try:
            with self.box.lock:
                if parts[0] == "pictures" and len(parts) == 3:
                    self._send(200, *self._picture(parts[1], parts[2]))
                    return
                answer = self._answer(parts, body)
            self._send(200, json.dumps(answer).encode(), "application/json")
        except No as no:
            self._send(no.status, json.dumps({"error": no.code}).encode(), "application/json")

    def _answer(self, parts: list[str], body: bytes) -> object:
        person = self._person()
        pattern = "/".join("*" if number == 1 else part for number, part in enumerate(parts))
        act = _ROUTES.get((self.command, pattern))
        if act is None:
            raise No(404, "no_such_thing")
        return act(Call(self.box, person, parts, *_read(body, self.headers.get("content-type", ""))))

    def _person(self) -> str:
        """Whose key it is. Raises No."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        name, _, key = base64.b64decode(token).decode().partition(":") if scheme == "Basic" else ("", "", "")
        if not key or self.box.keys.get(name) != key:
            raise No(401, "key_ended" if self.box.keys.get(name) == "" else "key_unknown")
        return name

    def _picture(self, secret: str, width: str) -> tuple[bytes, str]:
        """The original for "0"; whoever has the address may see it."""
        content = self.box.contents.get(secret)
        if content is None or not width.isdecimal():
            raise No(404, "no_such_picture")
        if width == "0":
            return content, _facts(content).media_type
        with tempfile.NamedTemporaryFile() as file:
            Path(file.name).write_bytes(content)
            return pictures.shrink(Path(file.name), int(width), int(width))

    def _send(self, status: int, content: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _read(body: bytes, content_type: str) -> tuple[dict[str, str], str, bytes]:
    """Texts, file name and file of a form of either kind."""
    if not content_type.startswith("multipart/"):
        fields: dict[str, Any] = parse_qs(body.decode(), keep_blank_values=True)
        return {name: values[-1] for name, values in fields.items()}, "", b""
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    texts, filename, content = {}, "", b""
    for part in message.iter_parts():
        held = part.get_payload(decode=True)
        assert isinstance(held, bytes)
        name = str(part.get_param("name", "", "content-disposition"))
        if part.get_filename() is None:
            texts[name] = held.decode()
        else:
            filename, content = part.get_filename() or "", held
    return texts, filename, content


class ShoeboxServer:
    """Used as a context manager; `url` has no slash at its end."""

    def __init__(self, **keys: str) -> None:
        self.box = Box(keys=keys)
        handler = type("Handler", (_Handler,), {"box": self.box})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> "ShoeboxServer":
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._server.shutdown()
        self._server.server_close()
