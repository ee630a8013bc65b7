"""Whatever the Orange server is asked, it answers in its own words; hypothesis looks for what breaks it."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from providers.orange.protocol import Action, Parameter
from providers.orange.server.albums import create_album
from providers.orange.server.models import MediaObject, OrangeAlbum
from tests.support.orange_kit import BOUNDARY, ENDPOINT, PICTURES, Caller, Response, body_of, caller_for
from tests.support.painting import picture

QUICKLY = settings(max_examples=60, suppress_health_check=list(HealthCheck))
STATUSES = {200, 400, 401}
FORM = f"multipart/form-data; boundary={BOUNDARY}"
FILES = st.one_of(st.binary(max_size=300), st.sampled_from([picture(), picture()[:200]]))

names = st.one_of(
    st.sampled_from([*Parameter, "title", "actionGetAlbum", "actionGetMediaObjsList", "TOKEN", "family"]),
    st.text(max_size=8),
)
values = st.one_of(
    st.sampled_from(
        [*Action, "GetAlbumList", "", "0", "-1", "9" * 30, "null", "../../x", "a\x00b", "\ud800"]
    ),
    st.text(max_size=40),
    st.integers().map(str),
)
pairs = st.lists(st.tuples(names, values), max_size=8)


@pytest.fixture
def caller(alice: User) -> Caller:
    return caller_for(alice)


def escaped(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def is_an_answer(response: Response) -> None:
    """One of the two envelopes, with a documented status and nothing of the server's inside in it."""
    assert response.status_code in STATUSES, response.content
    body = body_of(response)
    assert etree.fromstring(body).tag in ("action", "error")
    assert b"Traceback" not in body and b"site-packages" not in body and b"SELECT" not in body


@QUICKLY
@given(sent=pairs, is_posted=st.booleans(), has_token=st.booleans())
def test_any_parameters_get_an_answer(
    caller: Caller, sent: list[tuple[str, str]], is_posted: bool, has_token: bool
) -> None:
    parameters = [("token", caller.token)] if has_token else []
    query = "&".join(f"{escaped(name)}={escaped(value)}" for name, value in [*sent, *parameters])
    if is_posted:
        kind = "application/x-www-form-urlencoded"
        is_an_answer(caller.http.post(ENDPOINT, query, content_type=kind))
    else:
        is_an_answer(caller.http.get(f"{ENDPOINT}?{query}"))


@QUICKLY
@given(raw=st.binary(max_size=300))
def test_any_bytes_in_an_address_or_a_body_get_an_answer(caller: Caller, raw: bytes) -> None:
    is_an_answer(caller.http.get(ENDPOINT, QUERY_STRING=raw.decode("latin-1")))
    for kind in (
        "application/x-www-form-urlencoded",
        "text/xml",
        f"multipart/form-data; boundary={BOUNDARY}",
    ):
        is_an_answer(Client().post(ENDPOINT, raw, content_type=kind))


@QUICKLY
@given(sent=pairs, content=FILES, name=st.text(max_size=30))
def test_any_form_with_a_file_gets_an_answer(
    caller: Caller, sent: list[tuple[str, str]], content: bytes, name: str
) -> None:
    parameters = [("action", "AddMediaObj"), ("token", caller.token), *sent]
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in parameters
    ]
    parts += [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="F"; filename="{name}"\r\n\r\n']
    body = "".join(parts).encode("utf-8", "surrogatepass") + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    is_an_answer(caller.post_form(body))
    caller.account.refresh_from_db()
    assert caller.account.photo_count == MediaObject.objects.count()


@QUICKLY
@given(query=st.lists(st.tuples(st.sampled_from(["cid", "app", "width", "height"]), values), max_size=5))
def test_any_question_for_a_picture_is_answered_without_a_crash(
    caller: Caller, query: list[tuple[str, str]]
) -> None:
    text = "&".join(f"{name}={escaped(value)}" for name, value in query)
    assert Client().get(f"{PICTURES}?{text}").status_code in (404, 429)


@QUICKLY
@given(title=st.text(min_size=1, max_size=320))
def test_title_comes_back_as_it_is_listed_or_is_refused(caller: Caller, title: str) -> None:
    before = OrangeAlbum.objects.count()
    root = etree.fromstring(body_of(caller.get(f"action=CreateAlbum&TIT={escaped(title)}")))
    if root.find("error-code") is not None:
        assert root.findtext("error-code") == "9008" and OrangeAlbum.objects.count() == before
        return
    made = root.find("album")
    assert made is not None
    listed = etree.fromstring(body_of(caller.get("action=GetAlbumsList")))
    found = {node.get("cypheredId"): node.findtext("title") for node in listed.iter("album")}
    assert found[made.get("cypheredId")] == made.findtext("title")


def test_same_title_a_hundred_times_is_a_hundred_albums(caller: Caller) -> None:
    made = {create_album(caller.account, "Bretagne").title for _ in range(100)}
    assert made == {"Bretagne", *(f"Bretagne-{number}" for number in range(1, 100))}
