"""The address of a person's own server: its form, and where it leads."""

import pytest

from providers.client.http import Http
from providers.client.server_url import BadServerUrl, server_url
from providers.contract.errors import ProtocolError
from providers.registry import ServiceApp
from tests.support.replay_server import ReplayServer

APP = ServiceApp(
    provider_id="own", kind="box", name="Box", client_id="", secret="", web_url="", api_url="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("photos.example.org", "https://photos.example.org"),
        ("  https://Photos.Example.org/  ", "https://photos.example.org"),
        ("https://example.org:8443/my/photos/", "https://example.org:8443/my/photos"),
        ("https://été.example", "https://xn--t-9fab.example"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]"),
    ],
)
def test_typed_address_becomes_one_without_a_slash_at_its_end(typed: str, url: str) -> None:
    assert server_url(typed) == url
    assert APP.at(url).api_url == APP.at(url).web_url == url


@pytest.mark.parametrize(
    "typed",
    [
        "", "https://", "https:///photos", "https://a b.example", "https://ana:word@example.org",
        "https://@example.org", "https://example.org/?a=b", "https://example.org/#a", "https://example.org:x",
        "https://example.org\\@evil.example", "https://" + "a" * 300, "https://a..b", "https://example.org\n.x",
    ],
)  # fmt: skip
def test_address_of_another_form_is_refused(typed: str) -> None:
    with pytest.raises(BadServerUrl, match="form"):
        server_url(typed)


@pytest.mark.parametrize("typed", ["http://example.org", "ftp://example.org", "file:///etc/passwd"])
def test_address_without_encryption_is_refused(typed: str) -> None:
    with pytest.raises(BadServerUrl):
        server_url(typed)


def test_network_of_ones_own_may_be_allowed_by_the_app() -> None:
    assert server_url("http://nas.local", allow_private=True) == "http://nas.local"


def test_server_within_our_own_network_is_refused_before_anything_is_asked() -> None:
    with ReplayServer() as server:
        app = APP.at(server.url)
        with pytest.raises(ProtocolError, match="public"):
            Http(app.kind, ["127.0.0.1"], allow_private=app.allow_private).get("albums", f"{app.api_url}/")
        assert server.requests == []
