"""A foreign SOAP client, made from the contract that the server serves, calls every operation."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests
import zeep
from pytest_django.live_server_helper import LiveServer

from providers.sapo.protocol_tables import ENTITIES, OPERATIONS
from providers.sapo.server.models import Collection, Comment, Highlight, Image, Person
from tests.support.sapo_api import KEY, PASSWORD, album, person, photo

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/services/sapo"
DOCUMENT = Path(__file__).parent.parent / "data" / "sapo_document.json"


class Peer:
    """zeep on one port of the service, its headers set as the contract wants them."""

    def __init__(self, site: str, port: str) -> None:
        client = zeep.Client(f"{site}{BASE}/Metadata/Contract/Photos")  # type: ignore[no-untyped-call]
        self._service = client.bind("Photos", port)
        self.credentials = {"ESBUsername": "ana@sapo.example", "ESBPassword": PASSWORD}

    def call(self, operation: str, **parameters: Any) -> Any:
        headers = {"ESBCredentials": self.credentials, "ESBAccessKey": KEY}
        return self._service[operation](**parameters, _soapheaders=headers)


@pytest.fixture
def ana(live_server: LiveServer) -> Person:
    owner = person(is_admin=True)
    folder = album(owner)
    image = photo(owner, folder, title="Praia", tags="mar,sol")
    collection = Collection.objects.create(owner=owner, title="Viagens", code="c1", pk=7)
    collection.albums.add(folder)
    for target in ({"album": folder}, {"person": owner}, {"tag": "sol"}):
        Highlight.objects.create(**target)
    Image.objects.filter(pk=image.pk).update(uid="Ab3dEf6hIj9kLm2nOp5q")
    return owner


UID = {"uid": "Ab3dEf6hIj9kLm2nOp5q"}
PLACED = {**UID, "albums": {"album": [{"id": 2}]}}
REQUESTS: dict[str, dict[str, Any]] = {
    "AlbumCreate": {"album": {"title": "Outro"}},
    "AlbumGetListByCollection": {"collection": {"id": 7}},
    "AlbumGetListByHighlighted": {"page": 1, "orderBy": "maisrecentes"},
    "AlbumGetListByUser": {"user": {"username": "ana"}},
    "CollectionGetListByUser": {"user": {"username": "ana"}},
    "DummyEcho": {"echoStr": "ola"},
    "ImageAddToAlbum": {"image": PLACED},
    "ImageCreate": {"image": {"title": "Nova", "tags": "a b"}, "interface": "fotos.sapo.pt"},
    "ImageDelete": {"image": UID},
    "ImageDetails": {"image": UID},
    "ImageEdit": {"image": {**UID, "title": "Praia", "tags": "mar sol", "active": True}},
    "ImageGetListBySearch": {"terms": {"string": ["praia"]}, "dateFrom": "2000-01-01", "dateTo": "tomorrow"},
    "ImageGetListByTags": {"tags": {"tag": ["sol"]}, "user": {"username": "ana"}, "m18": False},
    "ImageGetListByUser": {"page": 0, "user": {}},
    "ImageGetListByUserAlbum": {"user": {}, "album": {"id": 2}, "page": 1},
    "ImageNotifyView": {"value": 3, "image": UID},
    "ImageRemoveFromAlbum": {"image": PLACED},
    "TagsGetListByHighlighted": {"intf": "fotos.sapo.pt"},
    "UserCreate": {"user": {"username": "rui", "email": "rui@sapo.example"}},
    "UserDetails": {"user": {}, "interface": "jpeg"},
    "UserGetListByHighlighted": {"page": 1},
    "UserGetTags": {"user": {}},
}


def is_ok(answer: Any) -> bool:
    return bool(getattr(answer, "result", answer).ok)


def test_requests_cover_every_operation() -> None:
    assert REQUESTS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("operation", sorted(REQUESTS))
def test_foreign_client_reads_the_answer_of_each_operation(
    ana: Person, live_server: LiveServer, operation: str
) -> None:
    answer = Peer(live_server.url, "PhotosSoapSecure").call(operation, **REQUESTS[operation])
    if operation == "DummyEcho":
        assert answer.endswith(" ola")
    else:
        assert is_ok(answer)


def test_foreign_client_reads_values(ana: Person, live_server: LiveServer) -> None:
    peer = Peer(live_server.url, "PhotosSoapSecure")
    (image,) = peer.call("ImageGetListByUserAlbum", user={}, album={"id": 2}).images.image
    assert (image.title, image.tags, image.active, image.pending) == ("Praia", "mar,sol", True, False)
    assert image.avgColor.blue == 30
    assert image.views.view[0].requestWidth == 1024
    assert peer.call("ImageCreate", image={"title": "Nova"}).token
    assert peer.call("UserGetTags", user={}).tags.tag == ["mar", "sol"]


@pytest.mark.parametrize("operation", sorted(n for n, row in OPERATIONS.items() if row.in_soap12))
def test_foreign_client_reads_soap_1_2(ana: Person, live_server: LiveServer, operation: str) -> None:
    assert is_ok(Peer(live_server.url, "PhotosSoap12Secure").call(operation, **REQUESTS[operation]))


def test_foreign_client_sees_a_fault(ana: Person, live_server: LiveServer) -> None:
    peer = Peer(live_server.url, "PhotosSoapSecure")
    peer.credentials["ESBPassword"] = "wrong"
    with pytest.raises(zeep.exceptions.Fault, match="Invalid credentials"):
        peer.call("UserDetails", user={})


def test_contract_is_also_at_the_address_itself(live_server: LiveServer) -> None:
    for path in ("/Photos?wsdl", "/Metadata/Contract/Photos?culture=EN", "/Photos?WSDL"):
        answer = requests.get(f"{live_server.url}{BASE}{path}", timeout=30)
        assert f'location="{live_server.url}{BASE}/Photos"' in answer.text
    assert (
        f"{live_server.url}{BASE}/STS" in requests.get(f"{live_server.url}{BASE}/STS?wsdl", timeout=30).text
    )


def test_token_service_is_read_by_a_foreign_client(ana: Person, live_server: LiveServer) -> None:
    client = zeep.Client(f"{live_server.url}{BASE}/Metadata/Contract/STS")  # type: ignore[no-untyped-call]
    credentials = {"ESBUsername": "ana@sapo.example", "ESBPassword": PASSWORD}
    token = client.service.GetToken(ESBCredentials=credentials)
    held = {"ESBToken": token}
    assert client.service.GetPrimaryId(ESBCredentials=held).PrimaryId == "ana@sapo.example"
    details = client.service.GetPrimaryIdDetails(ESBCredentials=held)
    assert details.ESBRoles.ESBRole == ["User", "Administrator"]
    assert details.Attributes.Attribute[0].Value == "ana"
    assert client.service.GetRoles(ESBCredentials=held, UserToken=token).ESBRole[0] == "User"
    assert client.service.ValidateToken(ESBCredentials=held).PrimaryId == "ana@sapo.example"
    assert client.service.RevokeToken(ESBCredentials=held) is True
    with pytest.raises(zeep.exceptions.Fault, match="Invalid security token"):
        client.service.ValidateToken(ESBCredentials=held)


def attributes_in(answer: Any) -> set[tuple[str, str]]:
    """(entity, attribute) of all that an answer of zeep's holds."""
    if isinstance(answer, list):
        return set[tuple[str, str]]().union(*map(attributes_in, answer))
    if not hasattr(answer, "_xsd_type"):
        return set()
    values = {name: answer[name] for name in answer if answer[name] is not None}
    here = {(answer._xsd_type.name, name) for name in values}
    return here.union(*map(attributes_in, values.values()))


def test_every_attribute_of_the_document_is_told_by_some_answer(ana: Person, live_server: LiveServer) -> None:
    image = Image.objects.get(owner=ana)
    Image.objects.filter(pk=image.pk).update(
        email_from="ana@sapo.example", ref_colour="0a141e", subtitle="Ao fim do dia"
    )
    Collection.objects.update(description="Longe")
    Comment.objects.create(image=image, nickname="rita", website="http://rita.example", body="Que luz.")
    peer = Peer(live_server.url, "PhotosSoapSecure")
    last = ["ImageEdit", "ImageRemoveFromAlbum", "ImageDelete"]
    calls = [*sorted(REQUESTS.keys() - set(last)), *last]
    full: dict[str, dict[str, Any]] = {
        "AlbumCreate": {"album": {"title": "Outro", "description": "Novo", "password": "segredo"}},
        "ImageEdit": {"image": {**UID, "title": "Praia", "synopse": "Um dia", "password": "segredo"}},
    }
    data = attributes_in([peer.call(operation, **(REQUESTS | full)[operation]) for operation in calls])
    data |= attributes_in(peer.call("ImageDetails", image={"uid": "nobody's"}))
    document = json.loads(DOCUMENT.read_text())["entities"]
    named = {(entity, row[0]) for entity in ENTITIES for row in document[entity]["attributes"]}
    # Empty for an account just opened, and zeep reads an empty element as none.
    assert named - data == {("User", "uploadMail")}
