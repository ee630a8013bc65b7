"""All that SAPO's document names is in the schema, the protocol, the client, the server and our docs."""

import inspect
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from providers.sapo import protocol, protocol_tables
from providers.sapo.client import SapoClient
from providers.sapo.protocol_tables import ARRAYS, ENTITIES, OPERATIONS, Shape
from providers.sapo.server.operations.table import OPERATIONS as SERVED
from tests.providers.document_words import words

ROOT = Path(__file__).parent.parent.parent
DOCUMENT: dict[str, Any] = json.loads((ROOT / "tests/data/sapo_document.json").read_text())
CLIENT, SERVER = ROOT / "providers/sapo", ROOT / "providers/sapo/server"
XS = {"xs": "http://www.w3.org/2001/XMLSchema"}
PAGE = (ROOT / "docs/protocols/sapo.md").read_text()

ATTRIBUTES = [
    (entity, name, kind)
    for entity, documented in DOCUMENT["entities"].items()
    for name, kind, _ in documented.get("attributes", ())
]
PARAMETERS = [
    (operation, *parameter)
    for operation, documented in DOCUMENT["operations"].items()
    for parameter in documented["parameters"]
]


@cache
def spoken(side: Path) -> frozenset[str]:
    return words(side, below=side == SERVER)


@cache
def schema() -> Any:
    return etree.parse(str(CLIENT / "photos.xsd"))


def elements(path: str) -> dict[str, tuple[str, bool]]:
    """The elements at a place of the schema: name -> (type, whether it may be left out)."""
    return {
        element.get("name"): (element.get("type").split(":")[1], element.get("minOccurs") == "0")
        for element in schema().xpath(f"{path}/xs:sequence/xs:element", namespaces=XS)
    }


def method_of(operation: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()


def description_of(operation: str) -> str:
    """What our page says of an operation."""
    (found,) = re.findall(rf"^\*\*{operation}\.\*\* .*?\n\n", PAGE, flags=re.MULTILINE | re.DOTALL)
    return str(found)


def without_figures(message: str) -> str:
    """The document writes xxxx and ?? where we name what is filled in."""
    return re.sub(r"\{\w+\}|x{4,}|\?\?", "#", message)


def test_document_is_whole() -> None:
    assert len(DOCUMENT["operations"]) == 22 and len(DOCUMENT["statuses"]) == 15
    assert len(DOCUMENT["entities"]) == 36


@pytest.mark.parametrize("operation", DOCUMENT["operations"])
def test_operation_is_everywhere(operation: str) -> None:
    assert operation in OPERATIONS
    assert operation in SERVED
    assert callable(getattr(SapoClient, method_of(operation)))
    assert description_of(operation)
    assert schema().xpath(f"//xs:element[@name='{operation}']", namespaces=XS)
    answer, kind, _ = DOCUMENT["operations"][operation]["answer"]
    response = elements(f"//xs:element[@name='{operation}Response']/xs:complexType")
    assert response == {answer: (kind, False)}
    assert f"`{answer}`" in description_of(operation)
    contract = (CLIENT / "photos.wsdl").read_text()
    assert contract.count(f'definitions/Photos/{operation}"') == 1 + OPERATIONS[operation].in_soap12


@pytest.mark.parametrize(("operation", "name", "kind", "need"), PARAMETERS)
def test_parameter_is_everywhere(operation: str, name: str, kind: str, need: str) -> None:
    parameter = next(one for one in OPERATIONS[operation].parameters if one.name == name)
    assert (parameter.type, parameter.required) == (kind, need == "required")
    request = elements(f"//xs:element[@name='{operation}']/xs:complexType")
    assert request[name] == (kind, need == "optional")
    assert list(request) == [one.name for one in OPERATIONS[operation].parameters]
    # The server looks for small letters, whatever the spelling of the request.
    assert name.lower() in spoken(SERVER)
    # The client names what it sends after the parameter itself.
    source = inspect.getsource(getattr(SapoClient, method_of(operation)))
    assert re.search(rf"\b{name}\b", source)
    assert f"`{name}`{'' if need == 'required' else '?'}" in description_of(operation)


@pytest.mark.parametrize("operation", DOCUMENT["operations"])
def test_operation_has_no_parameter_that_the_document_lacks(operation: str) -> None:
    named = {one[0] for one in DOCUMENT["operations"][operation]["parameters"]}
    assert {one.name for one in OPERATIONS[operation].parameters} == named


@pytest.mark.parametrize("operation", DOCUMENT["operations"])
def test_result_has_the_parts_of_the_document(operation: str) -> None:
    row = OPERATIONS[operation]
    kind = DOCUMENT["operations"][operation]["answer"][1]
    if row.shape is Shape.TEXT:
        assert kind == "string"
    elif row.shape is Shape.BARE_RESULT:
        assert kind == "Result"
    else:
        documented = DOCUMENT["entities"][kind]["attributes"]
        assert list(row.result) == [name for name, _, _ in documented]
        assert list(elements(f"//xs:complexType[@name='{kind}']")) == list(row.result)


@pytest.mark.parametrize(("entity", "name", "kind"), ATTRIBUTES)
def test_attribute_is_everywhere(entity: str, name: str, kind: str) -> None:
    assert elements(f"//xs:complexType[@name='{entity}']")[name][0] == kind
    if entity in ENTITIES:
        assert (name, kind) in ENTITIES[entity]
        assert name in spoken(CLIENT)
    assert name in spoken(SERVER)
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("entity", ENTITIES)
def test_entity_keeps_the_order_of_the_document(entity: str) -> None:
    documented = [name for name, _, _ in DOCUMENT["entities"][entity]["attributes"]]
    assert [name for name, _ in ENTITIES[entity]] == documented
    assert list(elements(f"//xs:complexType[@name='{entity}']")) == documented


@pytest.mark.parametrize("array", [name for name in DOCUMENT["entities"] if name.startswith("ArrayOf")])
def test_array_holds_what_the_document_says(array: str) -> None:
    documented = DOCUMENT["entities"][array]
    assert ARRAYS[array] == (documented["list_of"], documented["type"])
    assert list(elements(f"//xs:complexType[@name='{array}']")) == [documented["list_of"]]
    assert array in PAGE


def test_values_are_those_of_the_document() -> None:
    assert list(protocol.UploadStatus) == list(DOCUMENT["statuses"])
    messages = {status: without_figures(text) for status, text in protocol.UPLOAD_MESSAGES.items()}
    assert messages == {status: without_figures(text) for status, text in DOCUMENT["statuses"].items()}
    assert sorted(protocol.Order) == DOCUMENT["orders"]
    assert list(protocol.Format) == DOCUMENT["entities"]["Format"]["values"]
    assert set(protocol_tables.FEEDS) == {*DOCUMENT["feeds"], "RSS2"}
    credentials = [protocol.USERNAME, protocol.PASSWORD, protocol.TOKEN, protocol.ACCESS_KEY]
    assert credentials == DOCUMENT["credentials"]
    for name in (*DOCUMENT["statuses"], *DOCUMENT["orders"], *credentials):
        assert f"`{name}`" in PAGE


def test_figures_and_fixed_names_are_those_of_the_document() -> None:
    assert DOCUMENT["limits"] == {
        "upload token, minutes": protocol.UPLOAD_TOKEN_SECONDS / 60,
        "token, hours": protocol.TOKEN_SECONDS / 3600,
        "albums to remove from": protocol.MAX_ALBUMS_TO_REMOVE_FROM,
    }
    special = [protocol.INBOX_ALBUM_TITLE, protocol.FAVOURITES_ALBUM_TITLE]
    assert DOCUMENT["special albums"] == special
    assert DOCUMENT["default interface"] == protocol.DEFAULT_INTERFACE
    assert DOCUMENT["upload_form"] == [protocol.UPLOAD_TOKEN_FIELD, protocol.UPLOAD_REDIRECT_FIELD]
    assert DOCUMENT["upload_callback"] == [protocol.UPLOAD_STATUS_PARAMETER]
    for name in (
        *special,
        protocol.DEFAULT_INTERFACE,
        *DOCUMENT["upload_form"],
        *DOCUMENT["upload_callback"],
    ):
        assert name in PAGE


def test_editable_fields_are_those_of_the_document() -> None:
    # The document writes "synopsis" here and `synopse` in the table of attributes.
    named = [name.replace("synopsis", "synopse") for name in DOCUMENT["editable"]]
    assert list(protocol_tables.EDITABLE_IMAGE_FIELDS) == named
    sent = inspect.signature(SapoClient.image_edit).parameters
    assert set(named) <= set(sent)
