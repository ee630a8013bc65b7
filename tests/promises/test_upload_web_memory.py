"""What the memory of a web process does while a browser sends it a large file."""

import socket
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from gallery.uploads.models import Upload
from tests.servers.test_sapo_upload_memory import MIB, peak, worker
from tests.support import sapo_site
from tests.support.painting import picture
from tests.support.sapo_api import person

__all__ = ["worker"]  # the fixture: a web process of its own on this test's database

pytestmark = pytest.mark.django_db(transaction=True)
_CSRF = "a" * 32


def post_large(site: str, session: str, account: int, byte_size: int) -> bytes:
    """The answer to a picture with so many bytes behind its end that it is `byte_size` long."""
    start = picture(width=1200, height=900, text=str(byte_size))
    head = b""
    for name, value in (("csrfmiddlewaretoken", _CSRF), ("account", str(account))):
        head += f'--b0\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    head += b'--b0\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n' + start
    tail, rest, block = b"\r\n--b0--\r\n", byte_size - len(start), bytes(MIB)
    address = urlsplit(site)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=120) as line:
        line.sendall(
            f"POST {reverse('uploads:new')} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Connection: close\r\nX-One-File: 1\r\n"
            f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={_CSRF}\r\n"
            f"Content-Type: multipart/form-data; boundary=b0\r\n"
            f"Content-Length: {len(head) + rest + len(tail)}\r\n\r\n".encode()
            + head
        )
        while rest:
            rest -= line.send(block[: min(rest, MIB)])
        line.sendall(tail)
        answer = b""
        while data := line.recv(65536):
            answer += data
    return answer


def test_two_hundred_megabytes_from_a_browser_take_hardly_more_memory_than_two(
    alice: User, worker: tuple[str, int]
) -> None:
    site, parent = worker
    account, client = sapo_site.link(alice, person()), Client()
    client.force_login(alice)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    for more in range(2):  # the second finds everything loaded
        assert b" 201 " in post_large(site, session, account.pk, 2 * MIB + more)[:20]
    small = peak(parent)
    assert b" 201 " in post_large(site, session, account.pk, 200 * MIB)[:20]
    assert Upload.objects.latest("pk").byte_size == 200 * MIB
    assert peak(parent) - small < 16 * MIB
