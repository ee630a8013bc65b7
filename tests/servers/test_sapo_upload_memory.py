"""What a worker's memory does while it receives a large file."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from tests.support.sapo_media import UPLOAD, ana, fetch, form, painted, pending, ticket

pytestmark = pytest.mark.django_db(transaction=True)
MIB = 1024 * 1024


@pytest.fixture
def worker(db: None) -> Iterator[tuple[str, int]]:
    """The address of a web process of its own on this test's database, and the process above it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = (
        "granian --interface wsgi gallery.wsgi:application --host 127.0.0.1 --workers 1 --blocking-threads 2"
    )
    parent = subprocess.Popen(
        [sys.executable, "-m", *serve.split(), "--port", str(port)],
        env={**os.environ, "DATABASE_URL": database_url(), "DATA_DIR": str(django_settings.DATA_DIR)},
        stdout=subprocess.DEVNULL,
    )
    site = f"http://127.0.0.1:{port}"
    try:
        wait_for(site)
        yield site, parent.pid
    finally:
        parent.terminate()
        parent.wait(20)


def test_a_body_sent_in_chunks_without_a_length_is_read(worker: tuple[str, int]) -> None:
    site, _ = worker
    image, content = pending(ana()), painted()
    body = form(("token", None, ticket(image).encode()), ("f", "a.jpg", content))
    headers = {"Content-Type": "multipart/form-data; boundary=b0", "Transfer-Encoding": "chunked"}
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:700], body[700:])) + b"0\r\n\r\n"
    assert b"SUCCESS" in fetch(site, "POST", UPLOAD, chunks, headers).body
    image.refresh_from_db()
    assert image.byte_size == len(content)


def test_an_answer_is_read_although_too_much_was_sent(worker: tuple[str, int]) -> None:
    site, _ = worker
    answer = post_large(site, ticket(pending(ana())), 201 * MIB)
    assert b"INVALID_UPLOAD" in answer and b"209715200 bytes" in answer


def database_url() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["TEST_DATABASE_URL"].rpartition("/")[0] + f"/{name}"


def wait_for(site: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError):
            if fetch(site, "GET", UPLOAD).status == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the web process did not start")


def peak(parent: int) -> int:
    """The most memory that the processes below `parent` ever held, each at its worst, in bytes."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    reports = [Path(f"/proc/{child}/status").read_text() for child in children]
    return sum(int(report.partition("VmHWM:")[2].split()[0]) * 1024 for report in reports)


def post_large(site: str, token: str, byte_size: int) -> bytes:
    """The answer to a picture with so many bytes behind its end that it is `byte_size` long."""
    picture = painted("jpeg", 1200, 900)
    head = f'--b0\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n'.encode()
    head += b'--b0\r\nContent-Disposition: form-data; name="f"; filename="a.jpg"\r\n\r\n' + picture
    tail = b"\r\n--b0--\r\n"
    rest = byte_size - len(picture)
    host, port = site.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=120) as line:
        line.sendall(
            f"POST {UPLOAD} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
            f"Content-Type: multipart/form-data; boundary=b0\r\n"
            f"Content-Length: {len(head) + rest + len(tail)}\r\n\r\n".encode()
            + head
        )
        block = bytes(MIB)
        while rest:
            rest -= line.send(block[: min(rest, MIB)])
        line.sendall(tail)
        answer = b""
        while data := line.recv(65536):
            answer += data
    return answer


def test_two_hundred_megabytes_take_hardly_more_memory_than_two(worker: tuple[str, int]) -> None:
    site, parent = worker
    owner = ana(max_file_bytes=10**12)
    for _ in range(2):  # the second finds everything loaded
        assert b"SUCCESS" in post_large(site, ticket(pending(owner)), 2 * MIB)
    small = peak(parent)
    image = pending(owner)
    assert b"SUCCESS" in post_large(site, ticket(image), 200 * MIB)
    image.refresh_from_db()
    assert image.byte_size == 200 * MIB
    assert peak(parent) - small < 16 * MIB
