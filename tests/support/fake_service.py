"""A photo service for the tests of uploads: a real peer over HTTP that keeps the truth of what it stored.

Two kinds of one server. *ticketed* gives tickets, calls back and takes a ticket back, as SAPO does;
*listed* takes a file and names no photo, as Orange does: it is found in the list.
Faults are queued for an operation and each is used once.
"""

import hashlib
import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlencode, urlsplit

from providers.client.http import Http, Limits, Reply
from providers.contract.accepts import Accepts
from providers.contract.entities import Album, Draft, Photo, Picture, Rendition, Ticket, UploadForm
from providers.contract.errors import (
    ConsentNeeded,
    NotFound,
    ProtocolError,
    ProviderError,
    ReconnectNeeded,
    Refused,
)
from providers.registry import ServiceApp, ServiceKind

Fault = str  # "drop" before anything is done, "lose" the answer after it, "busy", "junk", or a code


@dataclass
class Truth:
    """What the service really has. `photos` maps an id to the file's sha256 and what came with it."""

    photos: dict[str, dict[str, Any]] = field(default_factory=dict)
    albums: dict[str, str] = field(default_factory=dict)
    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    is_key_good: bool = True
    names_new_photo: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    operations: list[str] = field(default_factory=list)
    before_answer: Callable[[str], None] = field(default=lambda operation: None)

    def copies_of(self, content: bytes) -> int:
        digest = hashlib.sha256(content).hexdigest()
        return sum(photo["sha256"] == digest for photo in self.photos.values())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    truth: Truth

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self._body())

    def _body(self) -> bytes:
        """The whole body; a connection that breaks in the middle of it has sent nothing."""
        announced = int(self.headers.get("content-length", 0))
        body = self.rfile.read(announced)
        if len(body) < announced:
            raise ConnectionResetError
        return body

    def _serve(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        operation = parts.path.strip("/")
        truth = self.truth
        with truth.lock:
            truth.operations.append(operation)
            fault = truth.faults[operation].popleft() if truth.faults[operation] else ""
        if fault == "drop":
            self.close_connection = True
            return
        if fault == "busy":
            self._answer(503, {})
            return
        if fault and fault not in ("lose", "junk"):
            self._answer(200, {"error": fault})
            return
        with truth.lock:
            answer = {"error": "key"} if not truth.is_key_good else _do(truth, operation, query, body, self)
        truth.before_answer(operation)
        if fault == "lose":
            self.close_connection = True
            return
        self._answer(200, "<junk" if fault == "junk" else answer)

    def _answer(self, status: int, answer: object) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _do(
    truth: Truth, operation: str, query: dict[str, str], body: bytes, handler: _Handler
) -> dict[str, Any]:
    if operation == "albums":
        return {"albums": truth.albums}
    if operation == "create_album":
        number = str(next(truth.ids))
        taken = query["title"] in truth.albums.values()
        truth.albums[number] = f"{query['title']}-1" if taken else query["title"]
        return {"id": number, "title": truth.albums[number]}
    if operation == "begin":
        ticket = f"ticket-number-{next(truth.ids)}"
        truth.tickets[ticket] = {**query, "used": False, "photo": None}
        return {"ticket": ticket}
    if operation == "abandon":
        ticket_row = truth.tickets.get(query["ticket"])
        if ticket_row and not ticket_row["photo"]:
            del truth.tickets[query["ticket"]]
        return {}
    if operation == "confirm":
        return {"photo": (truth.tickets.get(query["ticket"]) or {}).get("photo")}
    if operation == "photos":
        return {"photos": truth.photos}
    filename, content = _file_of(body, handler.headers["content-type"])
    return _store(truth, operation, query, filename, content)


def _store(
    truth: Truth, operation: str, query: dict[str, str], filename: str, content: bytes
) -> dict[str, Any]:
    stored: dict[str, Any] = query
    if operation == "send":
        found = truth.tickets.get(query["ticket"])
        if found is None:
            return {"error": "INVALID_TOKEN"}
        if found["used"]:
            return {"error": "EXHAUSTED_TOKEN"}
        found["used"] = True
        stored = found
    number = f"p{next(truth.ids)}"
    truth.photos[number] = {
        "id": number,
        "sha256": hashlib.sha256(content).hexdigest(),
        "title": stored.get("title", ""),
        "album": stored.get("album", ""),
        "filename": filename,
        "byte_size": len(content),
    }
    if operation == "send":
        stored["photo"] = truth.photos[number]
    return {"ok": True, "photo": number} if truth.names_new_photo else {"ok": True}


def _file_of(body: bytes, content_type: str) -> tuple[str, bytes]:
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    part = next(part for part in message.iter_parts() if part.get_filename())
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return part.get_filename() or "", content


class FakeServiceServer:
    """Used as a context manager; `url` has no slash at its end."""

    def __init__(self) -> None:
        self.truth = Truth()
        handler = type("Handler", (_Handler,), {"truth": self.truth})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *args: None  # type: ignore[method-assign]
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> "FakeServiceServer":
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class ListedPhotos:
    """No tickets and no callback: what is new in the listing is ours."""

    kind = "listed"

    def __init__(self, app: ServiceApp, secret: str, username: str) -> None:
        self._url = app.api_url
        limits = Limits(connect=2, read=5, answer=10)
        self._http = Http(self.kind, ["127.0.0.1"], allow_private=True, limits=limits)

    def albums(self) -> Iterator[Album]:
        found = self._get("albums")["albums"]
        yield from (Album(remote_id=number, title=title) for number, title in found.items())

    def photos(self, album_id: str) -> Iterator[Photo]:
        yield from (self._photo(photo) for photo in self._get("photos")["photos"].values())

    def create_album(self, title: str) -> Album:
        made = self._get("create_album", writes=True, title=title)
        return Album(remote_id=made["id"], title=made["title"])

    def fetch(self, rendition: Rendition) -> Picture:
        raise NotFound("no pictures here", provider=self.kind, operation="fetch")

    def begin_upload(self, draft: Draft, callback_url: str) -> Ticket:
        known = " ".join(photo.remote_id for photo in self.photos(""))
        return Ticket(data={"known": known, "filename": draft.filename, "title": draft.title})

    def send_upload(self, ticket: Ticket, draft: Draft, file: BinaryIO) -> str:
        return self._send("add", draft, file, title=draft.title, album=draft.album_id)

    def confirm_upload(self, ticket: Ticket) -> Photo | None:
        known = ticket.data["known"].split()
        new = [photo for photo in self.photos("") if photo.remote_id not in known]
        if ticket.photo_id:
            return next((photo for photo in new if photo.remote_id == ticket.photo_id), None)
        return next((photo for photo in new if photo.filename == ticket.data["filename"]), None)

    def _photo(self, stored: dict[str, Any]) -> Photo:
        return Photo(
            remote_id=stored["id"],
            title=stored["title"],
            filename=stored["filename"],
            byte_size=stored["byte_size"],
            created_at=datetime(2026, 8, 1, tzinfo=UTC),
            width=64,
            height=48,
        )

    def _get(self, operation: str, *, writes: bool = False, **query: str) -> dict[str, Any]:
        url = f"{self._url}/{operation}?{urlencode(query)}"
        return self._read(operation, self._http.get(operation, url, writes=writes))

    def _send(self, operation: str, draft: Draft, file: BinaryIO, **query: str) -> str:
        """The id of the new photo where the truth is set to name it."""
        reply = self._http.post_file(
            operation,
            f"{self._url}/{operation}?{urlencode(query)}",
            fields=[],
            file_field="photo",
            filename=draft.filename,
            media_type=draft.media_type,
            file=file,
            byte_size=draft.byte_size,
        )
        return str(self._read(operation, reply).get("photo", ""))

    def _read(self, operation: str, reply: Reply) -> dict[str, Any]:
        answer = json.loads(reply.body)
        if not isinstance(answer, dict):
            raise ProtocolError("junk", provider=self.kind, operation=operation)
        if code := answer.get("error"):
            raise self._error(operation, code)
        return answer

    def _error(self, operation: str, code: str) -> ProviderError:
        if code == "consent":
            url = f"{self._url}/yes"
            return ConsentNeeded("say yes", provider=self.kind, operation=operation, code="-3", url=url)
        kind = {"key": ReconnectNeeded, "gone": NotFound}.get(code, Refused)
        return kind("refused", provider=self.kind, operation=operation, code=code)


class TicketedPhotos(ListedPhotos):
    """With tickets and a callback; a ticket that was not used can be given back."""

    kind = "ticketed"

    def begin_upload(self, draft: Draft, callback_url: str) -> Ticket:
        begun = self._get("begin", writes=True, title=draft.title, album=draft.album_id)
        deadline = datetime.now(UTC) + timedelta(minutes=9)
        return Ticket(data={"ticket": begun["ticket"], "url": callback_url}, callback_deadline=deadline)

    def send_upload(self, ticket: Ticket, draft: Draft, file: BinaryIO) -> str:
        return self._send("send", draft, file, ticket=ticket.data["ticket"])

    def confirm_upload(self, ticket: Ticket) -> Photo | None:
        stored = self._get("confirm", ticket=ticket.data["ticket"])["photo"]
        return self._photo(stored) if stored else None

    def browser_form(self, ticket: Ticket, callback_url: str) -> UploadForm:
        return UploadForm(
            action=f"{self._url}/send?ticket={ticket.data['ticket']}",
            fields={"redir": callback_url},
            file_field="photo",
        )

    def abandon_upload(self, ticket: Ticket) -> None:
        self._get("abandon", writes=True, ticket=ticket.data["ticket"])


def _kind(service: type[ListedPhotos], name: str, letter: str) -> ServiceKind:
    return ServiceKind(
        id=service.kind,
        name=name,
        letter=letter,
        accepts=Accepts(
            fields=frozenset({"title", "filename", "album_id"}),
            media_types=("image/jpeg", "image/png", "image/gif"),
        ),
        service=service,
        open=service,
    )


KINDS = {
    "ticketed": _kind(TicketedPhotos, "Ticketed Photos", "T"),
    "listed": _kind(ListedPhotos, "Listed Photos", "L"),
}
