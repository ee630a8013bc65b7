"""The bytes that uploads come in and `redir`, by literal HTTP (docs/protocols/sapo.md, upload)."""

import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from providers.sapo.server.models import Image
from tests.support.sapo_media import ana, form, painted, pending, post, send_specimen, ticket

pytestmark = pytest.mark.django_db(transaction=True)
ELSEWHERE = "http://elsewhere.example/done?n=1"


@pytest.fixture(autouse=True)
def _empty_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def callback() -> Iterator[tuple[str, list[str]]]:
    """A web server of somebody's, and the addresses it was asked for."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/followed")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", requests
    server.shutdown()
    server.server_close()


def is_stored(image: Image, content: bytes) -> bool:
    image.refresh_from_db()
    return not image.is_pending and image.byte_size == len(content)


@pytest.mark.parametrize("name", ["upload-sdk.http", "upload-mac.http"])
def test_a_recorded_client_is_served(live_server: LiveServer, name: str) -> None:
    image, content = pending(ana()), painted("png")
    reply = send_specimen(live_server.url, name, ticket(image), content)
    assert b"<Result>SUCCESS</Result>" in reply.body
    assert is_stored(image, content)


def test_a_browser_on_a_page_of_another_site_is_sent_back_there(live_server: LiveServer) -> None:
    image, content = pending(ana()), painted()
    reply = send_specimen(live_server.url, "upload-browser.http", ticket(image), content)
    assert (reply.status, reply.headers["location"]) == (302, f"{ELSEWHERE}&status=SUCCESS")
    assert reply.headers["content-length"] == "0"
    assert is_stored(image, content)


def parts(token: str, redir: str, content: bytes) -> bytes:
    return form(("token", None, token.encode()), ("redir", None, redir.encode()), ("f", "a.jpg", content))


@pytest.mark.parametrize(
    ("redir", "location"),
    [
        ("http://elsewhere.example", "http://elsewhere.example?status=INVALID_TOKEN"),
        ("https://elsewhere.example:8443/a?", "https://elsewhere.example:8443/a?status=INVALID_TOKEN"),
        ("http://elsewhere.example/a?b=1#c", "http://elsewhere.example/a?b=1&status=INVALID_TOKEN#c"),
        ("http://elsewhere.example/?x=é", "http://elsewhere.example/?x=%C3%A9&status=INVALID_TOKEN"),
    ],
)
def test_redir_gets_the_status_and_nothing_else(live_server: LiveServer, redir: str, location: str) -> None:
    reply = post(live_server.url, parts("unknown", redir, painted()))
    assert (reply.status, reply.headers["location"], reply.body) == (302, location, b"")


@pytest.mark.parametrize(
    "redir",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//elsewhere.example/",
        "/local",
        "ftp://elsewhere.example/",
        "http://",
        "http:///path",
        "http://user:pw@elsewhere.example/",
        "http://elsewhere.example/\r\nSet-Cookie: a=b",
        "http://elsewhere.example\\@other.example/",
        "http://elsewhere.example:port/",
        "http://[::1/",
        "http://a b/",
        "http://elsewhere.example/" + "x" * 3000,
        "https://elsewhere.example/\x00",
        "",
    ],
)
def test_a_redir_that_is_no_web_address_is_answered_with_xml(live_server: LiveServer, redir: str) -> None:
    reply = post(live_server.url, parts("unknown", redir, painted()))
    assert reply.status == 200
    assert "location" not in reply.headers and "set-cookie" not in reply.headers
    assert b"<Result>INVALID_TOKEN</Result>" in reply.body


def test_the_server_calls_redir_where_the_site_says_so(
    live_server: LiveServer, settings: Settings, callback: tuple[str, list[str]]
) -> None:
    settings.SAPO_REDIR, settings.SAPO_REDIR_HOSTS = "call", ["127.0.0.1"]
    site, requests = callback
    image = pending(ana())
    reply = post(live_server.url, parts(ticket(image), f"{site}/done?key=1", painted()))
    assert reply.status == 200 and b"<Result>SUCCESS</Result>" in reply.body
    assert requests == ["/done?key=1&status=SUCCESS"]  # once, and its redirect is not followed


def test_the_server_calls_no_host_that_the_site_did_not_name(
    live_server: LiveServer, settings: Settings, callback: tuple[str, list[str]]
) -> None:
    settings.SAPO_REDIR, settings.SAPO_REDIR_HOSTS = "call", ["fotos.example"]
    site, requests = callback
    image = pending(ana())
    reply = post(live_server.url, parts(ticket(image), f"{site}/done", painted()))
    assert b"<Result>SUCCESS</Result>" in reply.body
    assert requests == []


def test_a_redir_that_does_not_answer_harms_no_upload(live_server: LiveServer, settings: Settings) -> None:
    settings.SAPO_REDIR, settings.SAPO_REDIR_HOSTS = "call", ["127.0.0.1"]
    image = pending(ana())
    reply = post(live_server.url, parts(ticket(image), "http://127.0.0.1:9/", painted()))
    assert b"<Result>SUCCESS</Result>" in reply.body


def test_a_file_part_without_a_name_is_a_file(live_server: LiveServer) -> None:
    image, content = pending(ana()), painted()
    body = (
        b'--b0\r\nContent-Disposition: form-data; name="token"\r\n\r\n'
        + ticket(image).encode()
        + b'\r\n--b0\r\nContent-Type: image/jpeg\r\nContent-Disposition: form-data; name="x"\r\n\r\n'
        + content
        + b"\r\n--b0--"
    )
    assert b"SUCCESS" in post(live_server.url, body).body
    assert is_stored(image, content)


def test_a_file_that_looks_like_the_form_around_it_arrives_whole(live_server: LiveServer) -> None:
    # What nearly is the boundary lies in the picture's bytes, also across the blocks that are read.
    pseudo = b"\r\n--b\r\n--b1\r\n-\r\n--" * 40_000
    image = pending(ana())
    content = painted("png") + pseudo
    assert (
        b"SUCCESS"
        in post(live_server.url, form(("token", None, ticket(image).encode()), ("f", "a.png", content))).body
    )
    assert is_stored(image, content)


T = b'--b0\r\nContent-Disposition: form-data; name="token"\r\n\r\nTOKEN\r\n'
F = b'--b0\r\nContent-Disposition: form-data; name="f"; filename="a.jpg"\r\n\r\n'
R = b'--b0\r\nContent-Disposition: form-data; name="redir"\r\n\r\n'
HOSTILE = {
    "no end": (T + F + b"\xff\xd8\xff", b"INVALID_FILE"),
    "cut in the boundary": (T + F + b"\xff\xd8\xff\r\n--b", b"INVALID_FILE"),
    "cut in the headers": (T + F[:40], b"INVALID_FILE"),
    "cut before the token": (T[:20], b"MISSING_TOKEN"),
    "headers without end": (T + b"--b0\r\nX: " + b"y" * 200_000 + b"\r\n\r\nz\r\n--b0--", b"INVALID_FILE"),
    "a hundred thousand parts": (T + (b"--b0\r\n\r\n\r\n" * 100_000) + b"--b0--", b"INVALID_FILE"),
    "an endless field": (T + R + b"r" * 3_000_000 + b"\r\n--b0--", b"NO_FILE"),
    "junk after the boundary": (T + b"--b0junk\r\n\r\nx\r\n--b0--", b"INVALID_FILE"),
    "an endless token": (T.replace(b"TOKEN", b"t" * 1_000_000) + b"--b0--", b"INVALID_TOKEN"),
    "a token of no text": (T.replace(b"TOKEN", b"\x00\xff\xfe") + b"--b0--", b"INVALID_TOKEN"),
    "nothing but line ends": (b"\r\n" * 100_000, b"MISSING_TOKEN"),
    "nothing but dashes": (b"-" * 500_000, b"MISSING_TOKEN"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_broken_form_gets_a_status_and_stores_nothing(live_server: LiveServer, name: str) -> None:
    body, status = HOSTILE[name]
    image = pending(ana())
    reply = post(live_server.url, body.replace(b"TOKEN", ticket(image).encode()))
    assert reply.status == 200
    assert b"<Result>" + status + b"</Result>" in reply.body
    image.refresh_from_db()
    assert image.is_pending


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary=""',
        "image/jpeg",
        "",
        "multipart/mixed; boundary=b0",
        "multipart/form-data; boundary=" + "b" * 5000,
        "application/json",
    ],
)
def test_a_body_that_is_no_form_misses_the_token(live_server: LiveServer, content_type: str) -> None:
    reply = post(live_server.url, parts("t", "", painted()), content_type)
    assert (reply.status, b"<Result>MISSING_TOKEN<" in reply.body) == (200, True)


def test_random_damage_to_a_form_never_breaks_the_server(live_server: LiveServer) -> None:
    chance = random.Random(20120921)
    whole = parts("unknown", "", b"\xff\xd8\xff" + bytes(200))
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            damaged[chance.randrange(len(damaged))] = chance.choice(b'\r\n-;"=\x00b0\xff')
        reply = post(live_server.url, bytes(damaged[: chance.randint(1, len(damaged))]))
        assert reply.status == 200
        assert b"</UploadPost>" in reply.body
