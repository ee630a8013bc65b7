"""Bodies as old programs send them: in chunks, as the Mac client's form, with unescaped text."""

import io
import json
from typing import Any

import pytest
from django.test import Client

from tests.support.sapo_api import KEY, NS, PHOTOS, Answer, Program, person
from tests.support.sapo_requests import OPERATION_NS

pytestmark = pytest.mark.django_db
ELEMENT = f"<DummyEcho {OPERATION_NS}><echoStr>olá</echoStr></DummyEcho>".encode()
MULTIPART = b'--b\r\ncontent-disposition: form-data; name="echoStr"\r\n\r\nol\xc3\xa1\r\n--b--'


@pytest.fixture
def ana(client: Client) -> Program:
    return Program(client, person())


def post(program: Program, path: str, content_type: str, body: bytes) -> Answer:
    return program.client.generic("POST", path, body, content_type)


def post_in_chunks(program: Program, path: str, content_type: str, body: bytes) -> Answer:
    """As a web server hands over a body that came in chunks: without its length."""
    environ: dict[str, Any] = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}
    return program.client.generic("POST", path, b"", CONTENT_TYPE=content_type, **environ)


@pytest.mark.parametrize("send", [post, post_in_chunks])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"echoStr=ol%C3%A1"),
        ("multipart/form-data; boundary=b", MULTIPART),
        ("multipart/form-data, boundary=b", MULTIPART),
        ("application/json", '{"echoStr":"olá"}'.encode()),
        ("text/xml; charset=utf-8", ELEMENT),
    ],
)
def test_body_is_read_whole_whatever_carries_it(
    ana: Program, send: Any, content_type: str, body: bytes
) -> None:
    path = f"{PHOTOS}/DummyEcho?json=true&ESBToken={ana.token}&ESBAccessKey={KEY}"
    data = json.loads(send(ana, path, content_type, body).content)
    assert data["DummyEchoResponse"]["DummyEchoResult"].endswith(" olá")


def test_envelope_in_chunks_is_read_whole(ana: Program) -> None:
    envelope = f'<s:Envelope xmlns:s="{NS["soap"]}"><s:Header>{ana.soap_header()}</s:Header><s:Body>'
    body = envelope.encode() + ELEMENT + b"</s:Body></s:Envelope>"
    answer = post_in_chunks(ana, PHOTOS, "text/xml", body)
    assert " olá</DummyEchoResult>" in answer.content.decode()


@pytest.mark.parametrize(
    "title",
    [
        "Mar & sol", "Tom&Jerry;", "&copy; 2011 &nbsp;", "3<4 > 2", "I <3 you", "a <b> c", "x<y & z>w",
        "<Praia>", "fim ]]> aqui", "\"q\" 'r'", "100%",
    ],
)  # fmt: skip
def test_text_that_the_mac_client_did_not_escape_is_kept(ana: Program, title: str) -> None:
    body = f"<ImageCreate {OPERATION_NS}><image><title>{title}</title><tags>mar</tags></image></ImageCreate>"
    made = ana.soap(body)
    assert made.status_code == 200, made.content
    assert ana.owner.images.get().title == title


def test_text_that_was_escaped_means_what_it_says(ana: Program) -> None:
    body = f"<ImageCreate {OPERATION_NS}><image><title>&amp;copy; &lt;b&gt;</title></image></ImageCreate>"
    assert ana.soap(body).status_code == 200
    assert ana.owner.images.get().title == "&copy; <b>"


@pytest.mark.parametrize(
    "form",
    [
        "image.title=Praia&image.tags=mar+sol", "image[title]=Praia&image[tags][]=mar&image[tags][]=sol",
        "title=Praia&tags[]=mar&tags[]=sol", "Image.Title=Praia&Image.Tags[0]=mar&Image.Tags[1]=sol",
    ],
)  # fmt: skip
def test_form_names_a_field_with_dots_or_brackets(ana: Program, form: str) -> None:
    path = f"{PHOTOS}/ImageCreate?ESBToken={ana.token}&ESBAccessKey={KEY}"
    assert post(ana, path, "application/x-www-form-urlencoded", form.encode()).status_code == 200
    made = ana.owner.images.get()
    assert (made.title, made.tags) == ("Praia", "mar,sol")


@pytest.mark.parametrize("value", ["false", "true", ""])
def test_android_helper_gets_json_for_its_own_word(ana: Program, value: str) -> None:
    answer = ana.get("ImageGetListByUser", f"jsonArg={value}&client_id=1")
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    wrong = ana.client.get(f"{PHOTOS}/ImageGetListByUser?client_id=1&jsonArg={value}")
    assert "fault" in json.loads(wrong.content)
