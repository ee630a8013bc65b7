"""Requests without the shape of any operation, to the API, the token service and the feeds: answers and
documented faults, never a breakdown.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from providers.sapo.protocol_sts import STS_OPERATIONS
from providers.sapo.protocol_tables import OPERATIONS
from tests.support.sapo_api import KEY, NS, PASSWORD, PHOTOS, STS, Program, fault_code
from tests.support.sapo_requests import OWN, Tree, document_of, elements_of, envelope_of, query_of
from tests.support.sapo_sample import (
    check_privacy,
    outcome_of,
    property_settings,
    rolled_back,
    sample_library,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> Program:
    return sample_library(client)


words = st.sampled_from(
    ["image", "album", "albums", "user", "uid", "id", "title", "tags", "tag", "page", "m18", "json"]
)
texts = st.text(max_size=20) | st.sampled_from(["", "1", "-1", "true", "ana", OWN, "9" * 20, "1e9"])
documents = st.recursive(
    texts | st.integers() | st.floats() | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
@property_settings(8)
@given(document=documents, pairs=st.lists(st.tuples(words | st.text(max_size=6), texts), max_size=6))
def test_shapeless_request_gets_an_answer_in_form(
    ana: Program, operation: str, document: object, pairs: list[tuple[str, str]]
) -> None:
    url = f"{PHOTOS}/{operation}?{query_of(list(pairs))}&ESBToken={ana.token}&ESBAccessKey={KEY}"
    element = "".join(shapeless(document, operation))
    with rolled_back():
        for body, kind in (
            (json.dumps(document), "application/json"),
            (element.encode("utf-8", "replace"), "text/xml"),
            (query_of(list(pairs)), "application/x-www-form-urlencoded"),
        ):
            answer = ana.client.post(url, body, content_type=kind)
            if answer["Content-Type"].startswith("text/xml"):
                outcome_of(answer)
            elif answer.status_code != 200:
                assert fault_code(answer) == "1010"


def shapeless(value: object, name: str) -> Iterator[str]:
    """XML that says what a JSON document says, and is not always XML."""
    if isinstance(value, dict):
        inner = "".join("".join(shapeless(each, key)) for key, each in value.items())
        yield f"<{name}>{inner}</{name}>"
    elif isinstance(value, list):
        for each in value:
            yield from shapeless(each, name)
    else:
        yield f"<{name}>{value}</{name}>"


@property_settings(40)
@given(
    body=st.binary(max_size=200),
    kind=st.sampled_from(["text/xml", "application/soap+xml", "application/json", "x"]),
)
def test_any_bytes_for_an_envelope_are_a_fault(ana: Program, body: bytes, kind: str) -> None:
    for url in (PHOTOS, STS):
        assert fault_code(ana.client.post(url, body, content_type=kind)) == "1010"


@property_settings(40)
@given(
    body=st.binary(max_size=120) | st.sampled_from([b"--b\r\n", b"--b--", b"--b\r\n\r\n\r\n--b"]), where=texts
)
def test_any_bytes_for_a_form_get_an_answer(ana: Program, body: bytes, where: str) -> None:
    url = f"{PHOTOS}/ImageDetails?ESBToken={ana.token}&ESBAccessKey={KEY}"
    for kind in (
        "multipart/form-data; boundary=b",
        "multipart/form-data, boundary=b",
        "application/x-www-form-urlencoded",
    ):
        outcome_of(
            ana.client.post(url, b"--b\r\n" + body + where.encode("utf-8", "replace"), content_type=kind)
        )


credentials = st.fixed_dictionaries(
    {},
    optional={
        "ESBUsername": st.sampled_from(["ana", "ana@sapo.example", "nobody", ""]) | texts,
        "ESBPassword": st.sampled_from([PASSWORD, PASSWORD, "wrong", ""]) | texts,
        "ESBToken": st.sampled_from(["TOKEN", "TOKEN", "wrong", ""]) | texts,
        "ESBTokenTimeToLive": st.sampled_from(["2:00:00", "0:00:01", "9:99:99", "1", "-1:00:00"]) | texts,
        "ESBTokenExtraInfo": texts,
        "UserToken": st.sampled_from(["TOKEN", "wrong"]) | texts,
        "UserLogin": st.sampled_from(["ana", "rui"]) | texts,
        "UserType": texts,
    },
)


@pytest.mark.parametrize("operation", sorted(STS_OPERATIONS))
@property_settings(12)
@given(arguments=credentials)
def test_token_service_answers_alike_over_http_and_soap(
    ana: Program, operation: str, arguments: dict[str, str]
) -> None:
    tree: Tree = [
        (name, "".join(filter(str.isprintable, text)).replace("TOKEN", ana.token))
        for name, text in arguments.items()
    ]
    body = f'<{operation} xmlns="{NS["d"]}">{elements_of(tree)}</{operation}>'
    client = ana.client
    calls: dict[str, Any] = {
        "query": lambda: client.get(f"{STS}/{operation}?{query_of(tree)}"),
        "form": lambda: client.post(
            f"{STS}/{operation}", query_of(tree), content_type="application/x-www-form-urlencoded"
        ),
        "json": lambda: client.post(
            f"{STS}/{operation}", json.dumps(document_of(tree)), content_type="application/json"
        ),
        "soap": lambda: client.post(
            STS, envelope_of(Nobody(client, ana.owner), body, NS["soap"]), content_type="text/xml"
        ),
    }
    statuses = {}
    for name, call in calls.items():
        with rolled_back():
            answer = call()
        statuses[name] = fault_code(answer) if answer.status_code == 500 else answer.status_code
    assert set(map(str, statuses.values())) <= {"200", "1010", "2610"}, statuses
    assert len(set(statuses.values())) == 1, statuses


class Nobody(Program):
    """A program without a header of its own."""

    def soap_header(self) -> str:
        return ""


@property_settings(60)
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(["u", "tag", "page", "m18", "json", "U", "x"]), texts), max_size=5
    ),
    name=st.sampled_from(["JSON", "RSS", "RSS2", "RSS2/"]),
)
def test_any_query_gets_a_feed_of_public_photos(
    ana: Program, pairs: list[tuple[str, str]], name: str
) -> None:
    answer = ana.client.get(f"{PHOTOS}/{name}?{query_of(list(pairs))}")
    assert answer.status_code == 200
    if answer["Content-Type"].startswith("application/json"):
        assert json.loads(answer.content)["rss"]["version"] == "2.0"
    else:
        assert etree.fromstring(answer.content).tag == "rss"
    check_privacy(answer, sent=pairs)
