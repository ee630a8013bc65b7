"""How fast the SAPO server receives photographs, against writing, syncing and renaming the same files."""

import secrets
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from django.test import RequestFactory
from django.utils import timezone

from benchmarks.report import Line
from benchmarks.thumbnails import photograph
from providers.durable import store_file
from providers.sapo.server.auth.keys import digest, new_uid
from providers.sapo.server.auth.people import open_account
from providers.sapo.server.models import Image, Person, UploadToken
from providers.sapo.server.photo_store import save_new_image
from providers.sapo.server.upload.views import upload

_ROUNDS = 20
_AT_LEAST = 0.5
_BOUNDARY = "----PomarFormBoundary7MA4YWxkTrZu0gW"  # as long as a browser's
_FORM = f"multipart/form-data; boundary={_BOUNDARY}"


def measure() -> list[Line]:
    owner = open_account("receiving", "receiving@example.org", "a-long-password-1")
    writes, taken_in = [], []
    content = photograph()
    with tempfile.TemporaryDirectory(prefix="pomar-receiving-") as name:
        original = Path(name, "original.jpg")
        original.write_bytes(content)
        for number in range(_ROUNDS):
            writes.append(_seconds_to_write(original, number))
            taken_in.append(_seconds_to_take_in(owner, content))
    rate = median(writes) / median(taken_in)
    return [
        Line("write, sync and rename of a photograph of 12 megapixels, ms", median(writes) * 1000),
        Line("its whole receiving by the SAPO server, form to answer, ms", median(taken_in) * 1000),
        Line.at_least("the rate of receiving as a part of that of writing", rate, _AT_LEAST),
    ]


def _seconds_to_write(original: Path, number: int) -> float:
    started = time.perf_counter()
    name = new_uid()  # as the server names its files, in a folder as new as theirs
    store_file(original, f"benchmarks/{name[:2]}/{name}.jpg")
    return time.perf_counter() - started


def _seconds_to_take_in(owner: Person, content: bytes) -> float:
    """From the first byte of the form to the answer that the photo is there for good."""
    body = _form(_ticket(owner), content)
    request = RequestFactory().generic("POST", "/", body, content_type=_FORM)
    started = time.perf_counter()
    answer = upload(request)
    seconds = time.perf_counter() - started
    assert b"SUCCESS" in answer.content
    return seconds


def _ticket(owner: Person) -> str:
    image = Image(uid=new_uid(), owner=owner)
    save_new_image(image)
    token = secrets.token_urlsafe(24)
    until = timezone.now() + timedelta(minutes=10)
    UploadToken.objects.create(token_hash=digest(token), image=image, expires_at=until)
    return token


def _form(token: str, content: bytes) -> bytes:
    parts = (f'name="token"\r\n\r\n{token}'.encode(), b'name="f"; filename="a.jpg"\r\n\r\n' + content)
    mark = f"--{_BOUNDARY}".encode()
    body = b"".join(mark + b"\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
    return body + mark + b"--\r\n"
