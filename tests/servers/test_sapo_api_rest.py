"""The REST binding by literal HTTP (docs/protocols/sapo.md, 1)."""

import json

import pytest
from django.test import Client
from lxml import etree

from tests.support.sapo_api import KEY, NS, PASSWORD, PHOTOS, Program, album, fault_code, person, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> Program:
    return Program(client, person())


def test_upload_ticket_is_answered_in_the_recorded_shape(ana: Program) -> None:
    made = ana.post("ImageCreate", {"image": {"title": "Praia", "tags": "mar sol"}})
    assert list(made) == ["image", "result", "token"]
    assert made["result"] == {"ok": "true"}
    image = made["image"]
    uid = image["uid"]
    assert len(uid) == 20
    assert uid.isalnum()
    assert image == {
        "active": "true",
        "creationDate": image["creationDate"],
        "innapropriate": "false",
        "m18": "false",
        "password": None,
        "pending": "true",
        "rating": "0",
        "subtitle": None,
        "synopse": None,
        "tags": "mar,sol",
        "title": "Praia",
        "uid": uid,
        "url": f"http://testserver/services/sapo/fotos/ana/fotos/?uid={uid}",
        "user": {
            "avatar": "http://testserver/services/sapo/sapofotos/ana/imgs/avatar.jpg",
            "url": "http://testserver/services/sapo/fotos/ana/perfil",
            "username": "ana",
        },
        "visualizations": "0",
    }
    assert list(image) == sorted(image)


def test_deleted_photo_is_answered_with_one_level_less(ana: Program) -> None:
    image = photo(ana.owner)
    answer = ana.get("ImageDelete", f"json=true&uid={image.uid}")
    assert answer.content == b'{"ImageDeleteResponse":{"ImageDeleteResult":{"ok":"true"}}}'
    again = ana.get("ImageDelete", f"uid={image.uid}")
    assert again.content == (
        b'<ImageDeleteResponse xmlns="http://services.sapo.pt/definitions/Photos"><ImageDeleteResult>'
        b"<ok>false</ok><description>Image not found</description></ImageDeleteResult></ImageDeleteResponse>"
    )
    assert again["Content-Type"] == "text/xml; charset=utf-8"


def test_album_is_answered_in_the_recorded_shape(ana: Program) -> None:
    made = ana.post("AlbumCreate", {"album": {"title": "Ferias"}})
    assert made["album"] == {
        "active": "true",
        "cover": "http://testserver/services/sapo/fotos/ana/capa-de-album/2",
        "creationDate": made["album"]["creationDate"],
        "description": None,
        "id": "2",
        "ownerId": str(ana.owner.pk),
        "password": None,
        "title": "Ferias",
        "url": "http://testserver/services/sapo/fotos/ana/albuns/?aid=2",
        "user": made["album"]["user"],
    }
    listed = ana.call("AlbumGetListByUser")
    assert listed["result"] == {"ok": "true", "page": "1", "perPage": "50", "total": "2", "totalPages": "1"}
    assert [each["title"] for each in listed["albums"]["album"]] == ["Ferias", "Ao Molho"]
    assert sorted(listed["albums"]["album"][0]) == [
        "active", "cover", "creationDate", "description", "id", "password", "title", "url",
    ]  # fmt: skip


def test_list_of_one_photo_is_an_array_without_user(ana: Program) -> None:
    image = photo(ana.owner, album(ana.owner), title="Praia")
    listed = ana.call("ImageGetListByUser")
    assert listed["result"]["total"] == "1"
    (only,) = listed["images"]["image"]
    assert only["uid"] == image.uid
    assert "user" not in only
    assert only["albums"]["album"][0]["title"] == "Ferias"
    assert only["views"]["view"][0]["size"] == "original"
    assert only["views"]["view"][0]["requestWidth"] == "1024"
    assert len(only["views"]["view"]) == 10
    assert only["avgColor"] == {"blue": "30", "green": "20", "red": "10"}


def test_empty_list_has_no_images_element(ana: Program) -> None:
    listed = ana.call("ImageGetListByUser")
    assert listed == {"result": {"ok": "true", "page": "1", "perPage": "50", "total": "0", "totalPages": "0"}}


def test_account_is_told_without_id_and_address(ana: Program) -> None:
    data = ana.call("UserDetails")["user"]
    assert {"active", "avatar", "banned", "creationDate", "lastLogin", "url", "username"} <= set(data)
    assert not {"id", "email"} & set(data)


@pytest.mark.parametrize(
    "query",
    [
        "uid={uid}", "UID={uid}", "image.uid={uid}", "Image.Uid={uid}", "?&uid={uid}", "&&uid={uid}",
        "image[uid]={uid}&uid={uid}", "uid=%20{uid}",
    ],
)  # fmt: skip
def test_photo_is_found_under_each_spelling_of_its_parameter(ana: Program, query: str) -> None:
    image = photo(ana.owner, title="Praia")
    assert ana.call("ImageDetails", query.format(uid=image.uid))["image"]["title"] == "Praia"


@pytest.mark.parametrize("path", ["ImageDetails", "imagedetails", "ImageDetails/"])
def test_operation_is_found_in_any_case(ana: Program, path: str) -> None:
    assert b"Image not found" in ana.get(path, "uid=nothing").content


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"image":{"uid":"UID"}}'),
        ("application/json", b'{"ImageDetails":{"image":{"uid":"UID"}}}'),
        ("application/json", b'\xef\xbb\xbf{"uid":"UID"}'),
        ("application/x-www-form-urlencoded", b"uid=UID"),
        ("application/x-www-form-urlencoded", b"image.uid=UID"),
        ("text/xml", b'<ImageDetails xmlns="http://services.sapo.pt/definitions/Photos"><image><uid>UID</uid>'
                     b"</image></ImageDetails>"),
        ("text/plain", b"<ImageDetails><image><uid>UID</uid></image></ImageDetails>"),
        ('multipart/form-data; boundary="b"',
         b'--b\r\nContent-Disposition: form-data; name="uid"\r\n\r\nUID\r\n--b--\r\n'),
    ],
)  # fmt: skip
def test_every_kind_of_body_is_read(ana: Program, content_type: str, body: bytes) -> None:
    image = photo(ana.owner, title="Praia")
    url = f"{PHOTOS}/ImageDetails?json=true&ESBToken={ana.token}&ESBAccessKey={KEY}"
    answer = ana.client.post(url, body.replace(b"UID", image.uid.encode()), content_type=content_type)
    assert (
        json.loads(answer.content)["ImageDetailsResponse"]["ImageDetailsResult"]["image"]["title"] == "Praia"
    )


def test_credentials_may_come_in_an_xml_body(ana: Program) -> None:
    body = (
        '<UserDetails xmlns="http://services.sapo.pt/definitions/Photos"><ESBCredentials xmlns="http://services'
        f'.sapo.pt/definitions"><ESBToken>{ana.token}</ESBToken></ESBCredentials></UserDetails>'
    )
    answer = ana.client.post(
        f"{PHOTOS}/UserDetails", body, content_type="text/xml",
        headers={"Authorization": f"ESB AccessKey={KEY}"},
    )  # fmt: skip
    assert b"<username>ana</username>" in answer.content


@pytest.mark.parametrize("name", ["ESBUsername", "ESBUserName", "esbusername"])
@pytest.mark.parametrize("value", ["ana@sapo.example", "ana%40sapo%2eexample", "ana", "ANA@sapo.example"])
def test_user_name_and_password_open_the_account(ana: Program, name: str, value: str) -> None:
    answer = ana.client.get(
        f"{PHOTOS}/UserDetails?{name}={value}&ESBPassword={PASSWORD}&JSON=True",
        headers={"Authorization": f"ESB AccessKey={KEY}"},
    )
    data = json.loads(answer.content)["UserDetailsResponse"]["UserDetailsResult"]["user"]
    assert data["username"] == "ana"


def test_xml_answer_carries_the_namespace_on_its_root(ana: Program) -> None:
    answer = ana.get("UserDetails")
    root = etree.fromstring(answer.content)
    assert root.tag == "{http://services.sapo.pt/definitions/Photos}UserDetailsResponse"
    assert root.findtext("p:UserDetailsResult/p:user/p:username", namespaces=NS) == "ana"


def test_echo_is_a_text_after_a_moment(ana: Program) -> None:
    assert ana.call("DummyEcho", "echoStr=ola")[19:] == " ola"
    assert len(ana.call("DummyEcho")) == 19


def test_unknown_operation_is_a_fault(ana: Program) -> None:
    assert fault_code(ana.get("ImageExplode")) == "1010"
    assert fault_code(ana.get("ImageExplode", "json=true")) == "1010"


def test_fault_in_json_has_the_recorded_keys(client: Client) -> None:
    answer = client.get(f"{PHOTOS}/UserDetails?json=true&ESBToken=wrong&ESBAccessKey={KEY}")
    fault = json.loads(answer.content)["fault"]
    info = fault["detail"]["tns:exceptionInfo"]
    assert fault == {
        "detail": {
            "tns:exceptionInfo": {
                "tns:code": "2610",
                "tns:datetime": info["tns:datetime"],
                "tns:id": info["tns:id"],
                "xmlns:tns": "http://services.sapo.pt/exceptions",
            }
        },
        "faultactor": "http://services.sapo.pt",
        "faultcode": "soap:Server",
        "faultstring": "Invalid security token",
    }
    assert len(info["tns:datetime"]) == len("2011-05-02T09:10:11.1234567Z")


def test_fault_in_xml_has_a_root_without_namespace(client: Client) -> None:
    answer = client.get(f"{PHOTOS}/UserDetails?ESBToken=wrong&ESBAccessKey={KEY}")
    root = etree.fromstring(answer.content)
    assert answer.status_code == 500
    assert root.tag == "fault"
    assert root.findtext("faultstring") == "Invalid security token"
    assert root.findtext("detail/tns:exceptionInfo/tns:code", namespaces=NS) == "2610"
