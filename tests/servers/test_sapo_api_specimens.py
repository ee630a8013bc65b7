"""Requests of programs that once worked with the live service, byte for byte on a bare socket."""

import http.client
import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from providers.sapo.protocol_sts import STS_OPERATIONS
from providers.sapo.protocol_tables import OPERATIONS as DOCUMENTED
from providers.sapo.server.models import Person
from providers.sapo.server.operations.signatures import UNDOCUMENTED
from providers.sapo.server.operations.sts import STS
from providers.sapo.server.operations.table import OPERATIONS
from tests.support.sapo_api import KEY, NS, PASSWORD, person, photo

pytestmark = pytest.mark.django_db(transaction=True)
SPECIMENS = Path(__file__).parent.parent / "specimens" / "sapo"


@pytest.fixture
def ana(live_server: LiveServer) -> Person:
    owner = person()
    photo(owner, title="Praia", uid="Ab3dEf6hIj9kLm2nOp5q")
    return owner


def send(site: LiveServer, name: str, *, root: bool = False) -> tuple[int, bytes]:
    """(status, body) of the answer to a recorded request; with `root` at the live service's own path."""
    parts = urlsplit(site.url)
    raw = (SPECIMENS / f"{name}.http").read_bytes()
    raw = raw.replace(b" /services/sapo/", b" /", 1) if root else raw
    values = {"HOST": parts.netloc, "USER": "ana@sapo.example", "PASSWORD": PASSWORD, "KEY": KEY}
    for word, value in values.items():
        raw = raw.replace(f"{{{word}}}".encode(), value.encode())
    length = len(raw.partition(b"\r\n\r\n")[2])
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as line:
        line.sendall(raw.replace(b"{LENGTH}", str(length).encode()))
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, answer.read()


def soap_body(site: LiveServer, name: str, *, root: bool = False) -> etree._Element:
    status, body = send(site, name, root=root)
    assert status == 200, body
    found = etree.fromstring(body).find("soap:Body", NS)
    assert found is not None
    return found[0]


def test_suds_lists_photos(ana: Person, live_server: LiveServer) -> None:
    answer = soap_body(live_server, "soap-suds")
    assert answer.findtext(".//p:image/p:uid", namespaces=NS) == "Ab3dEf6hIj9kLm2nOp5q"


def test_php_console_begins_an_upload(ana: Person, live_server: LiveServer) -> None:
    answer = soap_body(live_server, "soap-php")
    assert answer.findtext(".//p:token", namespaces=NS)
    assert answer.findtext(".//p:image/p:tags", namespaces=NS) == "mar,sol"


def test_mac_plug_in_makes_an_album(ana: Person, live_server: LiveServer, settings: Settings) -> None:
    assert send(live_server, "soap-mac")[0] == 500  # it knows no access key
    settings.SAPO_REQUIRE = ["credentials"]
    answer = soap_body(live_server, "soap-mac")
    assert answer.findtext(".//p:album/p:title", namespaces=NS) == "Mar & Sol"


def test_net_program_lists_its_own_albums(ana: Person, live_server: LiveServer) -> None:
    answer = soap_body(live_server, "soap-dotnet")
    assert answer.findtext(".//p:album/p:title", namespaces=NS) == "Ao Molho"


def test_windows_program_lists_an_album_and_begins_an_upload(ana: Person, live_server: LiveServer) -> None:
    listed = json.loads(send(live_server, "rest-windows")[1])
    result = listed["ImageGetListByUserAlbumResponse"]["ImageGetListByUserAlbumResult"]
    assert result["images"]["image"][0]["views"]["view"][0]["size"] == "original"
    made = json.loads(send(live_server, "rest-windows-create")[1])
    assert made["ImageCreateResponse"]["ImageCreateResult"]["token"]


def test_python_program_gets_its_photos(ana: Person, live_server: LiveServer) -> None:
    listed = json.loads(send(live_server, "rest-python")[1])
    images = listed["ImageGetListByUserResponse"]["ImageGetListByUserResult"]["images"]["image"]
    assert [image["uid"] for image in images] == ["Ab3dEf6hIj9kLm2nOp5q"]


def test_broker_gets_a_bare_token(ana: Person, live_server: LiveServer) -> None:
    root = etree.fromstring(send(live_server, "sts-broker")[1])
    assert root.tag == "{http://services.sapo.pt/definitions}ESBToken"


def test_ruby_program_gets_a_token_over_soap(ana: Person, live_server: LiveServer) -> None:
    answer = soap_body(live_server, "sts-ruby")
    assert answer.findtext("d:GetTokenResult", namespaces=NS)


def test_programs_of_which_only_the_host_was_changed_are_served(ana: Person, live_server: LiveServer) -> None:
    answer = soap_body(live_server, "soap-suds", root=True)
    url = str(answer.findtext(".//p:image/p:url", namespaces=NS))
    assert url.startswith(f"{live_server.url}/services/sapo/fotos/ana/")
    root = etree.fromstring(send(live_server, "sts-broker", root=True)[1])
    assert root.tag == "{http://services.sapo.pt/definitions}ESBToken"
    made = json.loads(send(live_server, "rest-windows-create", root=True)[1])
    assert made["ImageCreateResponse"]["ImageCreateResult"]["result"] == {"ok": "true"}


def test_server_has_every_documented_operation_and_no_unknown_one() -> None:
    assert OPERATIONS.keys() == DOCUMENTED.keys() | UNDOCUMENTED.keys()
    assert STS.keys() == STS_OPERATIONS.keys()
