"""The SOAP binding by literal envelopes (docs/protocols/sapo.md, 2)."""

import re

import pytest
from django.test import Client
from lxml import etree
from pytest_django import Settings

from tests.support.sapo_api import KEY, NS, PHOTOS, Program, album, fault_code, person, photo

pytestmark = pytest.mark.django_db
OPERATION_NS = 'xmlns="http://services.sapo.pt/definitions/Photos"'


@pytest.fixture
def ana(client: Client) -> Program:
    return Program(client, person())


def children(response_content: bytes, operation: str) -> list[str]:
    root = etree.fromstring(response_content)
    result = root.find(f"soap:Body/p:{operation}Response/p:{operation}Result", NS)
    assert result is not None, response_content
    return [etree.QName(child).localname for child in result]


def test_upload_ticket_comes_before_the_image_and_the_result(ana: Program) -> None:
    answer = ana.soap(f"<ImageCreate {OPERATION_NS}><image><title>Praia</title></image></ImageCreate>")
    assert children(answer.content, "ImageCreate") == ["token", "image", "result"]
    assert answer["Content-Type"] == "text/xml; charset=utf-8"


@pytest.mark.parametrize(
    ("operation", "order"),
    [
        ("AlbumGetListByUser", ["albums", "result"]),
        ("UserGetTags", ["tags", "result"]),
        ("UserDetails", ["result", "user"]),
        ("TagsGetListByHighlighted", ["result", "tags"]),
        ("AlbumGetListByHighlighted", ["result", "albums"]),
    ],
)
def test_children_stand_in_the_order_of_the_schema(ana: Program, operation: str, order: list[str]) -> None:
    answer = ana.soap(f"<{operation} {OPERATION_NS}/>")
    assert children(answer.content, operation) == order


@pytest.mark.parametrize("action", [
    '"http://services.sapo.pt/definitions/Photos/DummyEcho"',
    "http://services.sapo.pt/definitions/Photos/DummyEcho",
    '""',
])  # fmt: skip
def test_action_header_is_taken_in_every_form(ana: Program, action: str) -> None:
    body = f"<DummyEcho {OPERATION_NS}><echoStr>ola</echoStr></DummyEcho>"
    answer = ana.soap(body, SOAPAction=action)
    assert re.search(
        rb"<DummyEchoResult>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ola</DummyEchoResult>", answer.content
    )


def test_echo_wrapped_twice_is_understood(ana: Program) -> None:
    body = f"<DummyEcho {OPERATION_NS}><DummyEcho><echoStr>ola</echoStr></DummyEcho></DummyEcho>"
    assert b" ola</DummyEchoResult>" in ana.soap(body).content


def test_elements_in_any_order_and_blank_ones_are_understood(ana: Program) -> None:
    image = photo(ana.owner, title="Praia")
    body = (
        f"<ImageGetListByUser {OPERATION_NS}><user></user><page></page><orderBy></orderBy>"
        "<interface></interface></ImageGetListByUser>"
    )
    assert image.uid.encode() in ana.soap(body).content


def test_unescaped_text_of_the_mac_client_is_understood(ana: Program) -> None:
    body = f"<ImageCreate {OPERATION_NS}><image><title>Mar & sol < 3 &amp; mais</title></image></ImageCreate>"
    assert b"<title>Mar &amp; sol &lt; 3 &amp; mais</title>" in ana.soap(body).content


def test_nil_means_not_given(ana: Program) -> None:
    image = photo(ana.owner, title="Praia")
    body = (
        f'<ImageEdit {OPERATION_NS} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><image>'
        f'<uid>{image.uid}</uid><subtitle xsi:nil="true"/><title>Outra</title><cover xsi:nil="true"/>'
        '</image></ImageEdit>'
    )  # fmt: skip
    assert b"<title>Outra</title>" in ana.soap(body).content


def test_prefixes_with_hyphens_and_two_prefixes_for_one_namespace_are_understood(ana: Program) -> None:
    envelope = f"""<?xml version="1.0"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="{NS["soap"]}" xmlns:ns0="{NS["soap"]}" xmlns:ns1="{NS["p"]}">
<SOAP-ENV:Header>{ana.soap_header()}</SOAP-ENV:Header>
<ns0:Body><ns1:UserDetails><ns1:interface>jpeg</ns1:interface></ns1:UserDetails></ns0:Body></SOAP-ENV:Envelope>"""
    answer = ana.client.post(PHOTOS, envelope, content_type="text/xml")
    assert children(answer.content, "UserDetails") == ["result", "user"]


def test_key_in_the_other_namespace_is_understood(ana: Program) -> None:
    header = ana.soap_header().replace("Metadata/Market", "definitions/Market")
    assert b"<username>ana</username>" in ana.soap(f"<UserDetails {OPERATION_NS}/>", header).content


def test_photo_is_added_to_several_albums(ana: Program) -> None:
    image = photo(ana.owner)
    first, second = album(ana.owner, "Um"), album(ana.owner, "Dois")
    ids = "".join(f"<album><id>{each.number}</id></album>" for each in (first, second))
    body = (
        f"<ImageAddToAlbum {OPERATION_NS}><image><uid>{image.uid}</uid><albums>{ids}</albums></image>"
        "</ImageAddToAlbum>"
    )
    assert children(ana.soap(body).content, "ImageAddToAlbum") == ["result"]
    assert set(image.albums.all()) == {first, second}


def test_soap_1_2_is_answered_in_soap_1_2(ana: Program) -> None:
    envelope = (
        f'<e:Envelope xmlns:e="{NS["soap12"]}"><e:Header>{ana.soap_header()}</e:Header><e:Body>'
        f"<TagsGetListByHighlighted {OPERATION_NS}/></e:Body></e:Envelope>"
    )
    answer = ana.client.post(PHOTOS, envelope, content_type="application/soap+xml")
    assert etree.fromstring(answer.content).tag == f"{{{NS['soap12']}}}Envelope"
    assert answer["Content-Type"] == "application/soap+xml; charset=utf-8"


def test_fault_stands_in_the_recorded_shape(ana: Program) -> None:
    header = ana.soap_header().replace(ana.token, "wrong")
    answer = ana.soap(f"<UserDetails {OPERATION_NS}/>", header)
    fault = etree.fromstring(answer.content).find("soap:Body/soap:Fault", NS)
    assert fault is not None
    assert answer.status_code == 500
    assert [child.tag for child in fault] == ["faultcode", "faultstring", "faultactor", "detail"]
    assert fault.findtext("faultcode") == "soap:Server"
    assert fault.findtext("faultstring") == "Invalid security token"
    assert fault.findtext("detail/tns:exceptionInfo/tns:code", namespaces=NS) == "2610"
    assert fault.nsmap["soap"] == NS["soap"]


def test_fault_in_soap_1_2_has_its_own_shape(ana: Program) -> None:
    envelope = (
        f'<e:Envelope xmlns:e="{NS["soap12"]}"><e:Body><UserDetails {OPERATION_NS}/></e:Body></e:Envelope>'
    )
    answer = ana.client.post(PHOTOS, envelope, content_type="application/soap+xml")
    fault = etree.fromstring(answer.content).find("soap12:Body/soap12:Fault", NS)
    assert fault is not None
    assert [etree.QName(child).localname for child in fault] == ["Code", "Reason", "Role", "Detail"]
    assert fault_code(answer) == "1010"


@pytest.mark.parametrize(
    "body",
    [
        f"<UserDetails {OPERATION_NS}/><UserDetails {OPERATION_NS}/>",
        "",
        '<UserDetails xmlns="http://example.org/other"/>',
        f"<UserDetails {OPERATION_NS}/></soap:Body><soap:Body><UserDetails {OPERATION_NS}/>",
        f"<UserDetails {OPERATION_NS}>" + "<a>" * 299 + "</a>" * 299 + "</UserDetails>",
        f"<UserDetails {OPERATION_NS}>" + "<a>" * 100 + "</a>" * 100 + "</UserDetails>",
        f"<UserDetails {OPERATION_NS}>" + "<a>1</a>" * 100_000 + "</UserDetails>",
        f"<ImageCreate {OPERATION_NS}><image><title>{'x' * 2**20}</title></image></ImageCreate>",
    ],
    ids=["two operations", "none", "other namespace", "two bodies", "300 levels", "100 levels",
         "100,000 elements", "1 MB title"],
)  # fmt: skip
def test_envelope_that_is_no_request_is_a_fault(ana: Program, body: str) -> None:
    assert fault_code(ana.soap(body)) == "1010"


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>',
    ],
)
def test_doctype_is_a_fault_and_nothing_is_read(ana: Program, doctype: str) -> None:
    envelope = (
        f'{doctype}<s:Envelope xmlns:s="{NS["soap"]}"><s:Header>{ana.soap_header()}</s:Header><s:Body>'
        f"<DummyEcho {OPERATION_NS}><echoStr>&a;</echoStr></DummyEcho></s:Body></s:Envelope>"
    )
    answer = ana.client.post(PHOTOS, envelope, content_type="text/xml")
    assert fault_code(answer) == "1010"
    assert b"root:" not in answer.content


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16", "windows-1252"])
def test_envelope_is_read_in_its_own_encoding(ana: Program, encoding: str) -> None:
    envelope = (
        f'<?xml version="1.0" encoding="{encoding}"?><s:Envelope xmlns:s="{NS["soap"]}"><s:Header>'
        f"{ana.soap_header()}</s:Header><s:Body><DummyEcho {OPERATION_NS}><echoStr>olá</echoStr></DummyEcho>"
        "</s:Body></s:Envelope>"
    )
    answer = ana.client.post(PHOTOS, envelope.encode(encoding), content_type="text/xml")
    assert " olá</DummyEchoResult>" in answer.content.decode()


@pytest.mark.parametrize("path", ["/services/sapo/Photos?wsdl", "/services/sapo/Metadata/Contract/STS"])
def test_contract_names_the_host_that_was_asked(client: Client, settings: Settings, path: str) -> None:
    settings.ALLOWED_HOSTS = ["fotos.example"]
    for scheme, secure in (("http", False), ("https", True)):
        answer = client.get(path, headers={"Host": "fotos.example:8080"}, secure=secure)
        urls = re.findall(r'(?:schemaLocation|location)="([^"]+)"', answer.content.decode())
        assert urls
        for url in urls:
            assert url.startswith(f"{scheme}://fotos.example:8080/services/sapo/")
            inner = client.get(
                url.partition(":8080")[2], headers={"Host": "fotos.example:8080"}, secure=secure
            )
            assert inner.status_code == 200


def test_key_of_nobody_is_a_fault_that_names_the_key(ana: Program) -> None:
    answer = ana.soap(f"<UserDetails {OPERATION_NS}/>", ana.soap_header().replace(KEY, "other"))
    assert fault_code(answer) == "1010"
    assert b"access key" in answer.content
