"""What the tests of uploads, pictures, feeds and pages share: painted files and literal HTTP."""

import http.client
import io
import secrets
import socket
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.utils import timezone
from PIL import Image as Painting

from providers.sapo.server.auth.keys import digest, new_uid
from providers.sapo.server.auth.people import open_account
from providers.sapo.server.models import Image, Person, UploadToken
from providers.sapo.server.photo_store import save_new_image
from providers.sapo.server.upload.accept import store_image
from providers.sapo.server.upload.form import incoming_folder

SPECIMENS = Path(__file__).parent.parent / "specimens" / "sapo"
UPLOAD = "/services/sapo/uploadPost.html"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


def ana(**limits: object) -> Person:
    """A person of the server, with the given limits."""
    person = open_account("ana", "ana@sapo.example", "segredo-de-ana")
    for name, value in limits.items():
        setattr(person, name, value)
    person.save()
    return person


def painted(
    kind: str = "jpeg", width: int = 160, height: int = 120, colour: tuple[int, int, int] = (200, 120, 40)
) -> bytes:
    """A picture file with a slope in it, so that no two sizes of it are alike."""
    slope = Painting.linear_gradient("L").resize((width, height)).convert("RGB")
    picture = Painting.blend(Painting.new("RGB", (width, height), colour), slope, 0.3)
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def pending(owner: Person, **fields: object) -> Image:
    """A photo whose file has not arrived."""
    image = Image(**{"uid": new_uid(), "owner": owner, **fields})
    save_new_image(image)
    return image


def ticket(image: Image, seconds: float = 600) -> str:
    """A token to upload the file of `image`."""
    token = secrets.token_urlsafe(24)
    UploadToken.objects.create(
        token_hash=digest(token), image=image, expires_at=timezone.now() + timedelta(seconds=seconds)
    )
    return token


def stored(owner: Person, content: bytes = b"", **fields: object) -> Image:
    """A photo with its file, put there the way the upload does."""
    image = pending(owner, **fields)
    path = incoming_folder() / image.uid
    path.write_bytes(content or painted())
    image = store_image(image, path)
    path.unlink(missing_ok=True)
    return image


def form(*parts: tuple[str, str | None, bytes], boundary: str = "b0") -> bytes:
    """A multipart body, written by hand: (name, file name or None, content)."""
    body = b""
    for name, filename, content in parts:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
        head += f'; filename="{filename}"' if filename is not None else ""
        body += head.encode() + b"\r\n\r\n" + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode()


def post(site: str, body: bytes, content_type: str = "multipart/form-data; boundary=b0") -> Reply:
    """The answer to a literal POST of `body`."""
    return fetch(site, "POST", UPLOAD, body, {"Content-Type": content_type})


def send(site: str, token: str, content: bytes) -> Reply:
    """The plainest upload: a token and one file."""
    return post(site, form(("token", None, token.encode()), ("photo", "a.jpg", content)))


def fetch(
    site: str, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> Reply:
    parts = urlsplit(site)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def get(site: str, url: str, headers: dict[str, str] | None = None) -> Reply:
    """The answer to a GET of a path or of a whole URL."""
    parts = urlsplit(url)
    return fetch(site, "GET", f"{parts.path}?{parts.query}" if parts.query else parts.path, None, headers)


def send_specimen(site: str, name: str, token: str, content: bytes) -> Reply:
    """The bytes of a recorded request on a bare socket, with our token and file in it."""
    raw = (SPECIMENS / name).read_bytes()
    head, _, body = raw.partition(b"\r\n\r\n")
    body = body.replace(b"{TOKEN}", token.encode()).replace(b"{FILE}", content)
    parts = urlsplit(site)
    head = head.replace(b"{HOST}", parts.netloc.encode()).replace(b"{LENGTH}", str(len(body)).encode())
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as line:
        line.sendall(head + b"\r\n\r\n" + body)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
