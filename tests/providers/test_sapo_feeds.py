"""The public feeds, read in both generations and both dressings."""

from datetime import UTC, datetime
from typing import Any

import pytest

from providers.contract.errors import ProtocolError
from providers.sapo.connection import http_for
from providers.sapo.feeds import FeedEntry, read_feed
from tests.providers.sapo_replay import SPECIMENS, app_at
from tests.support.replay_server import ReplayServer, http

# As clients of 2010 saw them: a CDATA title, the picture's address in an element of its own.
OLD_JSON = (
    '{"rss":{"channel":{"item":%s},"version":"2.0"}}',
    '{"description":{"cdata":"<p>Ol\\u00e1</p>"},"fotoURL":"http://c3.example/i/N0a/1_a.jpeg",'
    '"link":{"value":"http://fotos.example/ana/fotos/?uid=Ab3d","rel":"x"},'
    '"pubDate":"Mon, 22 Mar 2010 10:00:00 +0000","title":{"cdata":"Praia"}}',
)


def _read(body: bytes, media_type: str, feed: str = "RSS2", **arguments: Any) -> tuple[list[FeedEntry], str]:
    with ReplayServer() as server:
        server.queue(http(body, 200, media_type))
        app = app_at(server.url)
        entries = list(read_feed(http_for(app), app.api_url, feed, **arguments))
        return entries, server.requests[0].target


def _specimen(name: str) -> bytes:
    """A recorded feed; what it leaves open is filled in."""
    body = (SPECIMENS / name).read_bytes()
    return body.replace(b"PUBDATE", b"Wed, 24 Jul 2013 08:00:00 +0000")


@pytest.mark.parametrize("style", ["json", "xml"])
def test_feed_of_the_new_generation_says_everything(style: str) -> None:
    entries, _ = _read(_specimen(f"feed-new.{style}"), f"text/{style}")
    entry = entries[0]
    assert (entry.title, entry.uid, entry.author) == ("Praia", "Ab3dEf6hIj9kLm2nOp5q", "ana")
    assert entry.tags == ("mar", "sol") and not entry.is_adult
    assert entry.page_url.endswith("/ana/fotos/?uid=Ab3dEf6hIj9kLm2nOp5q")
    assert "/i/o" in entry.image_url and len(entry.thumbnail_urls) == 9
    assert entry.description_html.startswith("<h3>Autor: ana</h3>")


@pytest.mark.parametrize("style", ["json", "xml"])
def test_feed_of_the_old_generation_is_read(style: str) -> None:
    entries, _ = _read(_specimen(f"feed-old.{style}"), f"text/{style}", "RSS")
    assert entries[0].title == "Praia"
    assert "/i/" in entries[0].image_url
    assert entries[0].page_url.endswith("?uid=Ab3dEf6hIj9kLm2nOp5q")


@pytest.mark.parametrize("item", ["[%s]", "%s"], ids=["array", "object"])
def test_feed_with_one_photo_is_read_as_array_or_object(item: str) -> None:
    frame, entry = OLD_JSON
    entries, _ = _read((frame % (item % entry)).encode(), "application/json", "JSON")
    assert entries == [
        FeedEntry(
            title="Praia",
            page_url="http://fotos.example/ana/fotos/?uid=Ab3d",
            image_url="http://c3.example/i/N0a/1_a.jpeg",
            description_html="<p>Olá</p>",
            published_at=datetime(2010, 3, 22, 10, tzinfo=UTC),
        )
    ]


@pytest.mark.parametrize(
    "body",
    [
        b'{"rss":{"channel":{"item":null},"version":"2.0"}}',
        b'{"rss":{"channel":{"title":"x"}}}',
        b'<rss version="2.0"><channel><title>x</title></channel></rss>',
    ],
)
def test_feed_without_photos_is_empty(body: bytes) -> None:
    assert _read(body, "text/xml")[0] == []


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        ({}, "/Photos/RSS2"),
        ({"tag": "sol"}, "/Photos/RSS2?tag=sol"),
        ({"tag": "sol", "page": 3}, "/Photos/RSS2?tag=sol&page=3"),
        ({"username": "ana", "tag": "alto mar"}, "/Photos/RSS2?u=ana&tag=alto%20mar"),
    ],
)
def test_feed_is_asked_for_without_a_key(arguments: dict[str, Any], target: str) -> None:
    assert _read(b'{"rss":{"channel":{}}}', "application/json", **arguments)[1] == target


@pytest.mark.parametrize("body", [b"<html/>", b'{"rss":null}', b"<feed><channel/></feed>"])
def test_what_is_no_feed_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        _read(body, "text/html")
