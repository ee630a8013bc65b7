"""What a worker's memory does while a large picture or a long list passes through the Orange server."""

import http.client
import socket
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from providers.orange.server.albums import create_album
from providers.orange.server.models import MediaObject, OrangeAccount
from tests.servers.test_sapo_upload_memory import peak, worker
from tests.support.orange_kit import BOUNDARY, ENDPOINT, Caller, caller_for
from tests.support.painting import picture

__all__ = ["worker"]  # the fixture: a web process of its own on this test's database

pytestmark = pytest.mark.django_db(transaction=True)
MIB = 1024 * 1024


@pytest.fixture
def caller(alice: User) -> Caller:
    made = caller_for(alice)
    OrangeAccount.objects.update(max_file_bytes=10**12)
    return made


def post_large(site: str, caller: Caller, byte_size: int) -> bytes:
    """The answer to a JPEG with so many bytes behind its end that it is `byte_size` long."""
    head = b""
    for name, value in (("action", "AddMediaObj"), ("F_title", "a"), ("token", caller.token)):
        head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    content = picture(width=1200, height=900)
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="F"; filename="a.jpg"\r\n\r\n'.encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    url = urlsplit(site)
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=120) as line:
        line.sendall(
            f"POST {ENDPOINT} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
            f"Content-Length: {len(head) + byte_size + len(tail)}\r\n\r\n".encode()
            + head
            + content
        )
        rest, block = byte_size - len(content), bytes(MIB)
        while rest:
            rest -= line.send(block[: min(rest, MIB)])
        line.sendall(tail)
        answer = b""
        while data := line.recv(65536):
            answer += data
    return answer


def test_two_hundred_megabytes_take_hardly_more_memory_than_two(
    worker: tuple[str, int], caller: Caller
) -> None:
    site, parent = worker
    for _ in range(2):  # the second finds everything loaded
        assert b'code="3201"' in post_large(site, caller, 2 * MIB)
    small = peak(parent)
    assert b'code="3201"' in post_large(site, caller, 200 * MIB)
    assert MediaObject.objects.latest("pk").byte_size == 200 * MIB
    assert peak(parent) - small < 16 * MIB


def test_refusal_is_read_although_too_much_was_sent(worker: tuple[str, int], caller: Caller) -> None:
    OrangeAccount.objects.update(max_file_bytes=MIB)
    assert b"<error-code>9006<" in post_large(worker[0], caller, 60 * MIB)


def test_list_of_fifty_thousand_takes_hardly_more_memory_than_a_short_one(
    worker: tuple[str, int], caller: Caller
) -> None:
    site, parent = worker
    album = create_album(caller.account, "Everything")
    for count in (10, 49_990):
        MediaObject.objects.bulk_create(
            MediaObject(
                account=caller.account, album=album, title=f"Photo {number}", filename="a.jpeg",
                byte_size=1, media_type="image/jpeg", width=1, height=1, stored_name="x",
                created_at=timezone.now(),
            )
            for number in range(count)
        )  # fmt: skip
        listed = _listed(site, caller, album.cyphered_id)
        if count == 10:
            small = peak(parent)
    assert listed == 50_000
    assert peak(parent) - small < 32 * MIB


def _listed(site: str, caller: Caller, album_id: str) -> int:
    """How many pictures the list told."""
    url = urlsplit(site)
    line = http.client.HTTPConnection(url.hostname or "", url.port, timeout=120)
    line.request("GET", f"{ENDPOINT}?action=GetMediaObjsList&Album={album_id}&token={caller.token}")
    response, count, rest = line.getresponse(), 0, b""
    while block := response.read(MIB):
        rest += block
        count += rest.count(b"</mediaObject>")
        rest = rest[rest.rfind(b"</mediaObject>") + 14 :]
    line.close()
    return count
