"""All that Orange's document names is in the protocol, the client, the server and our docs."""

import json
import re
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from providers.orange import protocol
from providers.orange.client import AlbumAnswer, MediaObjectAnswer
from providers.orange.server.operations import OPERATIONS
from tests.providers.document_words import words

ROOT = Path(__file__).parent.parent.parent
DOCUMENT: dict[str, Any] = json.loads((ROOT / "tests/data/orange_document.json").read_text())
CLIENT, SERVER = ROOT / "providers/orange", ROOT / "providers/orange/server"
PAGE = (ROOT / "docs/protocols/orange.md").read_text()

ELEMENTS = [(node, name, kind) for node, rows in DOCUMENT["nodes"].items() for name, kind in rows]
METHODS = DOCUMENT["methods"]
# What our client calls the numbers and texts of an album or picture.
CALLED = {
    "album": {
        "title": "title", "creationDate": "created_ms", "mediaObjects": "media_count",
        "guests": "guest_count",
    },
    "mediaObject": {
        "title": "title", "creationDate": "created_ms", "filename": "filename", "filesize": "byte_size",
        "mimeType": "media_type", "width": "width", "height": "height", "baseUrl": "base_url",
    },
}  # fmt: skip


@cache
def spoken(side: Path) -> frozenset[str]:
    return words(side, below=side == SERVER)


@pytest.mark.parametrize("method", METHODS)
def test_method_is_everywhere(method: str) -> None:
    name = protocol.Action(method).name
    assert name in spoken(CLIENT) and name in spoken(SERVER)
    assert protocol.Action(method) in OPERATIONS
    assert METHODS[method]["answer"] in set(protocol.Answer)


@pytest.mark.parametrize("method", METHODS)
def test_parameters_of_a_method_are_those_of_our_page(method: str) -> None:
    (row,) = re.findall(rf"^\| 7\.\d \| {method} \|(.*?)\|", PAGE, flags=re.MULTILINE)
    documented = {
        (name, "optional" if mark else "mandatory") for name, mark in re.findall(r"`(\w+)`(\?)?", row)
    }
    named = {(name, need) for name, need, _ in METHODS[method]["parameters"] if name != "token"}
    assert documented == named


def test_methods_are_those_of_the_document() -> None:
    assert set(protocol.Action) == set(METHODS)


def test_parameters_are_those_of_the_document() -> None:
    named = {name for documented in METHODS.values() for name, _, _ in documented["parameters"]}
    assert set(protocol.Parameter) == named | {"action"}
    for parameter in protocol.Parameter:
        assert parameter.name in spoken(CLIENT) and parameter.name in spoken(SERVER)


@pytest.mark.parametrize(("node", "name", "kind"), ELEMENTS)
def test_element_is_read_and_written(node: str, name: str, kind: str) -> None:
    assert name in spoken(CLIENT) and name in spoken(SERVER)


@pytest.mark.parametrize(("node", "name", "kind"), [row for row in ELEMENTS if row[0] != "error"])
def test_element_is_read_as_what_it_is(node: str, name: str, kind: str) -> None:
    """ "integer long" is a number of any size, as Python's are."""
    record = MediaObjectAnswer if node == "mediaObject" else AlbumAnswer
    ours = CALLED["mediaObject" if node == "mediaObject" else "album"][name]
    assert ours in {field.name for field in fields(record)}
    assert (get_type_hints(record)[ours] == int | None) is kind.startswith("integer")


@pytest.mark.parametrize("name", DOCUMENT["attributes"])
def test_attribute_is_written(name: str) -> None:
    assert name in spoken(SERVER)


def test_values_are_those_of_the_document() -> None:
    assert list(protocol.MEDIA_TYPES) == DOCUMENT["formats"]
    assert [list(box) for box in protocol.PRECOMPUTED_BOXES] == DOCUMENT["precomputed"]
    assert DOCUMENT["errors"]["failure"] == protocol.Answer.FAILURE
    assert DOCUMENT["errors"]["owner unknown"] == protocol.ErrorCode.OWNER_UNKNOWN
    assert set(DOCUMENT["retrieval"]) <= spoken(SERVER)


@pytest.mark.parametrize("status", DOCUMENT["statuses"])
def test_http_status_is_in_our_docs(status: str) -> None:
    (documented,) = re.findall(r"\*\*HTTP status of the server\*\*: (.*?)\n\n", PAGE, flags=re.DOTALL)
    assert re.search(rf"\b{status} for\b", documented)


@pytest.mark.parametrize(
    "name",
    sorted({*METHODS, *protocol.Parameter, *DOCUMENT["attributes"]} | {name for _, name, _ in ELEMENTS}),
)
def test_name_is_in_our_docs(name: str) -> None:
    assert name in PAGE
