"""Every operation with input that no honest program sends: faults or `ok` false, soon, and no harm.

That answers are of the schema is seen to by tests/support/schema_watch.py, for requests that chance makes by
test_sapo_api_properties.py.
"""

import json
import time

import pytest
from django.test import Client
from lxml import etree

from providers.sapo.protocol_tables import OPERATIONS, Shape
from providers.sapo.server.models import Person
from tests.support.sapo_api import KEY, NS, PHOTOS, Answer, Program, album, fault_code, person, photo
from tests.support.sapo_trouble import BAD_BODIES, BAD_MESSAGES, BAD_QUERIES, envelope, message

pytestmark = pytest.mark.django_db
NAMES = sorted(OPERATIONS)


@pytest.fixture
def ana(client: Client) -> Program:
    return Program(client, person())


@pytest.fixture
def secret(ana: Program) -> str:
    """Something of another person's that no answer to Ana may hold."""
    other = person("rui")
    folder = album(other, "Título secreto", is_active=False)
    return photo(other, folder, title="Título secreto", is_active=False, tags="segredo").uid


def check(answer: Answer, operation: str) -> None:
    """An answer is of the recorded kinds; faults are of ours, not breakdowns."""
    if answer.status_code == 500:
        assert fault_code(answer) in ("1010", "2610", "2620"), answer.content
        return
    assert answer.status_code == 200
    assert b"Traceback" not in answer.content
    if answer["Content-Type"].startswith("application/json"):
        assert f"{operation}Response" in json.loads(answer.content)
    else:
        assert f"{operation}Response".encode() in answer.content


def refused(answer: Answer, operation: str) -> bool:
    root = etree.fromstring(answer.content)
    path = ".//p:ok" if OPERATIONS[operation].shape is Shape.BARE_RESULT else ".//p:result/p:ok"
    return answer.status_code == 500 or root.findtext(path, namespaces=NS) == "false"


# Processor seconds. Not the figure (0.2, which `make bench` measures), but what no busy machine explains.
A_HANG = 2.0


@pytest.mark.parametrize("operation", NAMES)
def test_operation_answers_bad_queries_soon_and_in_form(ana: Program, secret: str, operation: str) -> None:
    ana.get(operation, "datefrom=never")  # so that what is made once is not measured
    for name, query in {
        **BAD_QUERIES,
        "another's id": f"uid={secret}&imageuid={secret}&username=rui&id=2",
    }.items():
        for as_json in ("", "&json=true"):
            began = time.thread_time()
            answer = ana.get(operation, f"{query}{as_json}")
            spent = time.thread_time() - began
            check(answer, operation)
            assert spent < A_HANG, f"{name}: {spent:.2f} s"
            assert "secreto" not in answer.content.decode()


@pytest.mark.parametrize("operation", NAMES)
def test_operation_answers_bad_bodies_soon_and_in_form(ana: Program, operation: str) -> None:
    url = f"{PHOTOS}/{operation}?ESBToken={ana.token}&ESBAccessKey={KEY}"
    ana.client.post(url, b"{}", content_type="application/json")  # see above
    for name, body in BAD_BODIES.items():
        for content_type in ("application/json", "text/xml", "application/x-www-form-urlencoded"):
            began = time.thread_time()
            answer = ana.client.post(url, body, content_type=content_type)
            spent = time.thread_time() - began
            check(answer, operation)
            assert spent < A_HANG, f"{name}: {spent:.2f} s"


@pytest.mark.parametrize("operation", NAMES)
def test_operation_without_its_parameters_changes_nothing(ana: Program, operation: str) -> None:
    photo(ana.owner)
    before = state()
    answer = ana.soap(message(operation, ""))
    check(answer, operation)
    if OPERATIONS[operation].writes and operation != "ImageCreate":  # of which nothing is mandatory
        assert refused(answer, operation)
        assert state() == before


def state() -> list[tuple[int, int, int]]:
    return list(Person.objects.order_by("pk").values_list("pk", "image_count", "album_count"))


def test_broken_multipart_is_a_fault(ana: Program) -> None:
    url = f"{PHOTOS}/ImageDetails?ESBToken={ana.token}&ESBAccessKey={KEY}"
    for content_type in (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=é",
    ):
        check(ana.client.post(url, b"--b\r\n", content_type=content_type), "ImageDetails")


def test_other_methods_are_not_allowed(ana: Program) -> None:
    assert ana.client.put(f"{PHOTOS}/ImageDelete?uid=x").status_code == 405
    assert ana.client.head(f"{PHOTOS}/ImageDelete?uid=x").status_code == 405  # it would delete
    assert ana.client.delete(PHOTOS).status_code == 405


@pytest.mark.parametrize("operation", NAMES)
def test_operation_answers_bad_messages_soon_with_a_fault(ana: Program, secret: str, operation: str) -> None:
    url = f"{PHOTOS}/{operation}?ESBToken={ana.token}&ESBAccessKey={KEY}"
    before = state()
    for name, spoil in BAD_MESSAGES.items():
        for version, kind in (("soap", "text/xml"), ("soap12", "application/soap+xml")):
            whole = spoil(envelope(ana, operation, "INNER", version))
            began = time.thread_time()
            answer = ana.client.post(PHOTOS, whole.encode("utf-8", "replace"), content_type=kind)
            assert time.thread_time() - began < A_HANG, name
            assert fault_code(answer) == "1010", name
            assert b"root:" not in answer.content
        if "bodies" in name or "operations" in name or "wrong" in name:
            continue
        element = spoil(message(operation, "INNER"))
        began = time.thread_time()
        answer = ana.client.post(url, element.encode("utf-8", "replace"), content_type="text/xml")
        assert time.thread_time() - began < A_HANG, name
        assert fault_code(answer) == "1010", name
    assert state() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("operation", NAMES)
def test_operation_reads_messages_in_other_encodings(ana: Program, operation: str, encoding: str) -> None:
    whole = f'<?xml version="1.0" encoding="{encoding}"?>' + envelope(
        ana, operation, "<user><username>josé</username></user><image><uid>é</uid></image>"
    )
    answer = ana.client.post(PHOTOS, whole.encode(encoding), content_type="text/xml")
    assert answer.status_code == 200, answer.content


def test_token_that_ends_in_the_middle_of_a_list_is_a_fault(ana: Program) -> None:
    photo(ana.owner)
    assert ana.get("ImageGetListByUser", "page=1").status_code == 200
    ana.owner.tokens.update(expires_at="2012-01-01T00:00:00Z")
    assert fault_code(ana.get("ImageGetListByUser", "page=2")) == "2620"
