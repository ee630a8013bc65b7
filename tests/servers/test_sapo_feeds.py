"""The public feeds, old and new, by literal HTTP (docs/protocols/sapo.md, feeds)."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from providers.sapo.server.auth.people import open_account
from providers.sapo.server.models import Image, Person
from providers.sapo.server.photo_store import update_image
from tests.support.sapo_media import SPECIMENS, ana, get, painted, pending, stored

pytestmark = pytest.mark.django_db(transaction=True)
PHOTOS = "/services/sapo/Photos"
MEDIA = "{http://search.yahoo.com/mrss/}"
SEARCH = "{http://a9.com/-/spec/opensearchrss/1.0/}"


@pytest.fixture(autouse=True)
def _empty_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def praia(owner: Person) -> Image:
    """The photo of the specimens."""
    moment = datetime(2013, 7, 24, 8, 0, tzinfo=UTC)
    return stored(
        owner,
        painted("jpeg", 400, 300),
        uid="Ab3dEf6hIj9kLm2nOp5q",
        title="Praia",
        tags="mar,sol",
        synopse="Areia & sal",
        created_at=moment,
    )


def channel_of(site: str, path: str) -> dict[str, Any]:
    """The channel of a feed in JSON."""
    reply = get(site, path)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    channel: dict[str, Any] = json.loads(reply.body)["rss"]["channel"]
    return channel


def uids(site: str, query: str) -> list[str]:
    root = etree.fromstring(get(site, f"{PHOTOS}/RSS2?{query}").body)
    return [str(found.text) for found in root.iter("{http://fotos.sapo.pt/}uid")]


def normalised(body: bytes, site: str) -> str:
    """The answer with what differs from run to run replaced by the specimen's words."""
    text = body.decode().replace(site, "http://HOST")
    text = re.sub(r"/i/([A-Za-z])[0-9a-f]{8}/\d+_[A-Za-z0-9]{5}\.", r"/i/\1HEX/ID_SUFFIX.", text)
    text = re.sub(r"[0-9a-f]{32}", "MD5", text)
    return re.sub(
        r"(<(pubDate|lastBuildDate)>|\"(pubDate|lastBuildDate)\":\")\w{3}, \d\d \w{3} 20[2-9]\d "
        r"\d\d:\d\d:\d\d \+0000",
        r"\1NOW",
        text,
    )


@pytest.mark.parametrize(
    ("path", "specimen"),
    [
        ("JSON?u=&tag=sol", "feed-old.json"),
        ("RSS?tag=sol&u=", "feed-old.xml"),
        ("RSS2/?tag=sol", "feed-new.xml"),
        ("RSS2/?tag=sol&json=true", "feed-new.json"),
    ],
)
def test_a_feed_is_the_composed_one_byte_for_byte(live_server: LiveServer, path: str, specimen: str) -> None:
    praia(ana())
    reply = get(live_server.url, f"{PHOTOS}/{path}")
    assert normalised(reply.body, live_server.url) == (SPECIMENS / specimen).read_text().rstrip("\n")


def test_the_old_json_gives_what_the_old_gems_read(live_server: LiveServer) -> None:
    praia(ana())
    channel = channel_of(live_server.url, f"{PHOTOS}/JSON?tag=sol")
    [item] = channel["item"]
    assert item["title"] == {"cdata": "Praia"}
    assert item["link"]["value"].endswith("/fotos/ana/fotos/?uid=Ab3dEf6hIj9kLm2nOp5q")
    assert item["description"]["cdata"].startswith("<h3>Autor: ana</h3>")
    assert item["pubDate"] == "Wed, 24 Jul 2013 08:00:00 +0000"
    assert get(live_server.url, item["fotoURL"]).body == painted("jpeg", 400, 300)


def test_a_feed_without_photos_leaves_item_out(live_server: LiveServer) -> None:
    for query in ("tag=nada", "u=nobody", "u=nobody&tag=sol", ""):
        channel = channel_of(live_server.url, f"{PHOTOS}/JSON?{query}")
        assert "item" not in channel
        assert channel["openSearch:totalResults"] == "0"


def test_feeds_are_by_person_by_tag_by_both_or_of_all(live_server: LiveServer) -> None:
    one, two = ana(), open_account("rui", "rui@sapo.example", "segredo-de-rui")
    a = stored(one, tags="sol", created_at=datetime(2012, 1, 3, tzinfo=UTC)).uid
    b = stored(one, tags="mar azul", created_at=datetime(2012, 1, 2, tzinfo=UTC)).uid
    c = stored(two, tags="sol,mar azul", created_at=datetime(2012, 1, 1, tzinfo=UTC)).uid
    site = live_server.url
    assert uids(site, "") == uids(site, "u=&tag=") == [a, b, c]
    assert uids(site, "u=ana") == uids(site, "U=Ana&tag=") == [a, b]
    assert uids(site, "tag=SOL&u=") == [a, c]
    assert uids(site, "tag=mar_azul") == uids(site, "tag=mar%20azul") == [b, c]
    assert uids(site, "tag=sol&u=rui") == uids(site, "u=rui&tag=sol") == [c]
    assert uids(site, "u=nobody") == []


def test_a_feed_understands_sloppy_and_old_queries(live_server: LiveServer) -> None:
    wanted = stored(ana(), tags="pôr do sol").uid
    stored(open_account("rui", "rui@sapo.example", "segredo-de-rui"), tags="mar")
    for query in ("?tag=p%C3%B4r_do_sol", "&tag=p%F4r+do+sol", "?&u=&TAG=p%F4r_do_sol"):
        assert uids(live_server.url, query) == [wanted]


def test_a_feed_pages_by_ten(live_server: LiveServer) -> None:
    owner = ana()
    start = datetime(2012, 1, 1, tzinfo=UTC)
    newest_first = [stored(owner, created_at=start - timedelta(days=n)).uid for n in range(13)]
    assert uids(live_server.url, "u=ana") == uids(live_server.url, "u=ana&page=0") == newest_first[:10]
    assert uids(live_server.url, "u=ana&page=2") == newest_first[10:]
    for page in ("3", "999999999"):
        assert uids(live_server.url, f"u=ana&page={page}") == []
    for page in ("-1", "x", "1e9", "%C2%B2", "9" * 400):
        assert uids(live_server.url, f"u=ana&page={page}") == newest_first[:10]
    second = etree.fromstring(get(live_server.url, f"{PHOTOS}/RSS?u=ana&page=2").body)
    assert second.findtext(f"channel/{SEARCH}startIndex") == "11"
    assert second.findtext(f"channel/{SEARCH}totalResults") == "13"


def test_only_public_photos_are_in_feeds(live_server: LiveServer) -> None:
    owner = ana()
    shown = stored(owner, tags="sol").uid
    adult = stored(owner, tags="sol", is_adult=True).uid
    pending(owner, tags="sol")
    for hidden in ({"is_active": False}, {"sealed_password": "x"}, {"is_inappropriate": True}):
        stored(owner, tags="sol", **hidden)
    banned = open_account("rui", "rui@sapo.example", "segredo-de-rui")
    stored(banned, tags="sol")
    Person.objects.filter(pk=banned.pk).update(is_banned=True)
    for query in ("", "u=ana", "tag=sol", "u=ana&tag=sol"):
        assert uids(live_server.url, query) == [shown]
        assert set(uids(live_server.url, f"{query}&m18=true")) == {shown, adult}
    assert uids(live_server.url, "u=rui") == []


def test_a_photo_that_is_hidden_later_leaves_the_feed(live_server: LiveServer) -> None:
    image = stored(ana(), tags="sol")
    with update_image(image) as row:
        row.is_active = False
    assert uids(live_server.url, "tag=sol") == []


def test_adult_photos_are_rated_so(live_server: LiveServer) -> None:
    stored(ana(), is_adult=True)
    root = etree.fromstring(get(live_server.url, f"{PHOTOS}/RSS?m18=true").body)
    assert root.findtext(f"channel/item/{MEDIA}rating") == "adult"


def test_texts_cannot_break_out_of_a_feed(live_server: LiveServer) -> None:
    wicked = ']]><script>alert("1")</script>&amp; 🍊'
    stored(ana(), title=wicked, synopse=f"{wicked}\x0b", tags="<b>")
    for path in ("RSS", "RSS2"):
        item = etree.fromstring(get(live_server.url, f"{PHOTOS}/{path}").body).find("channel/item")
        assert item is not None
        assert item.findtext("title") == wicked
        assert item.findtext(f"{MEDIA}description") == wicked
        description = item.findtext("description") or ""
        assert "<script>" not in description and "&lt;script&gt;" in description
    channel = channel_of(live_server.url, f"{PHOTOS}/JSON")
    assert channel["item"][0]["title"] == {"cdata": wicked}


def test_a_feed_answers_hostile_questions_with_a_feed(live_server: LiveServer) -> None:
    for query in (
        "tag=%00%0b",
        "tag=" + "x" * 5000,
        "u=%ff%fe",
        "u=..%2F",
        "tag=%3Cscript%3E",
        "?&tag=sol",
        "&&=",
    ):
        reply = get(live_server.url, f"{PHOTOS}/RSS?{query}")
        assert reply.status == 200
        assert etree.fromstring(reply.body).tag == "rss"


def test_a_question_of_too_many_words_is_a_fault(live_server: LiveServer) -> None:
    query = "&".join(f"a{n}=1" for n in range(3000))
    for path in ("RSS", "JSON"):
        reply = get(live_server.url, f"{PHOTOS}/{path}?{query}")
        assert (reply.status, b"1010" in reply.body) == (500, True)


def test_a_feed_never_repeats_credentials_that_were_sent_along(live_server: LiveServer) -> None:
    reply = get(live_server.url, f"{PHOTOS}/RSS2/?tag=sol&ESBPassword=segredo&ESBToken=abc")
    assert b"segredo" not in reply.body and b"abc" not in reply.body
    assert f'href="{live_server.url}{PHOTOS}/RSS2/?tag=sol"'.encode() in reply.body


def test_feeds_are_only_read(live_server: LiveServer) -> None:
    from tests.support.sapo_media import fetch

    assert fetch(live_server.url, "POST", f"{PHOTOS}/RSS").status == 405
    assert fetch(live_server.url, "HEAD", f"{PHOTOS}/RSS").status == 200
