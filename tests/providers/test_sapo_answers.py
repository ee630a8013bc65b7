"""Answers that say the same in other ways, and answers that say no."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.client.http import Reply
from providers.contract.errors import (
    NotFound,
    OutcomeUnknown,
    ProtocolError,
    ProviderError,
    ReconnectNeeded,
    Refused,
    Unavailable,
)
from providers.sapo.client import SapoClient
from providers.sapo.conversion import to_photo
from providers.sapo.stored_urls import Addresses
from tests.providers.sapo_replay import app_at, client_at
from tests.support.replay_server import ReplayServer, http

NS = "http://services.sapo.pt/definitions/Photos"
JSON = "application/json; charset=utf-8"


def _ask(server: ReplayServer, body: str, status: int = 200, media_type: str = JSON) -> SapoClient:
    server.queue(http(body.encode(), status, media_type))
    return client_at(server.url)


def _images(inside: str) -> str:
    """A list answer whose `images` is `inside`."""
    result = '"result":{"ok":"true","page":"1","perPage":"50","total":"1","totalPages":"1"}'
    return f'{{"ImageGetListByUserResponse":{{"ImageGetListByUserResult":{{{inside}{result}}}}}}}'


@pytest.mark.parametrize(
    ("inside", "uids"),
    [
        ('"images":{"image":[{"uid":"a"},{"uid":"b"}]},', ["a", "b"]),
        ('"images":{"image":[{"uid":"a"}]},', ["a"]),
        ('"images":{"image":{"uid":"a"}},', ["a"]),
        ('"images":{"image":[]},', []),
        ('"images":{"image":null},', []),
        ('"images":{},', []),
        ('"images":null,', []),
        ("", []),
    ],
    ids=["two", "array_of_one", "object", "empty_array", "null_inside", "empty_object", "null", "absent"],
)
def test_list_is_read_however_many_it_holds(inside: str, uids: list[str]) -> None:
    with ReplayServer() as server:
        page = _ask(server, _images(inside)).image_get_list_by_user()
    assert [image.uid for image in page.items] == uids


def test_real_booleans_and_numbers_are_read_like_texts() -> None:
    body = (
        '{"ImageDetailsResponse":{"ImageDetailsResult":{"result":{"ok":true},"image":'
        '{"uid":"a","m18":true,"active":false,"visualizations":7,"title":"\\u0041\\/\\u000a"}}}}'
    )
    with ReplayServer() as server:
        image = _ask(server, body).image_details("a")
    assert (image.m18, image.active, image.visualizations, image.title) == (True, False, 7, "A/\n")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (f'<ImageDeleteResponse xmlns="{NS}">', "</ImageDeleteResponse>"),
        ("<ImageDeleteResponse>", "</ImageDeleteResponse>"),
        (f'<ns1:ImageDeleteResponse xmlns:ns1="{NS}">', "</ns1:ImageDeleteResponse>"),
        (
            '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header/><e:Body>'
            f'<x:ImageDeleteResponse xmlns:x="{NS}">',
            "</x:ImageDeleteResponse></e:Body></e:Envelope>",
        ),
        (
            '<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Body>'
            f'<ImageDeleteResponse xmlns="{NS}">',
            "</ImageDeleteResponse></S:Body></S:Envelope>",
        ),
    ],
    ids=["default_namespace", "none", "prefixed", "soap_11", "soap_12"],
)
def test_answer_is_read_by_local_names(start: str, end: str) -> None:
    body = f"{start}<ImageDeleteResult><ok>true</ok></ImageDeleteResult>{end}"
    with ReplayServer() as server:
        _ask(server, body, media_type="text/xml").image_delete("a")


def _fault(code: str, text: str, style: str) -> str:
    detail = (
        '<detail><t:exceptionInfo xmlns:t="http://services.sapo.pt/exceptions">'
        f"<t:code>{code}</t:code><t:id>7b1d</t:id><t:datetime>2011-05-02T09:10:11.1234567Z</t:datetime>"
        "</t:exceptionInfo></detail>"
    )
    inside = f"<faultcode>soap:Server</faultcode><faultstring>{text}</faultstring>{detail}"
    if style == "xml":
        return f"<fault>{inside}</fault>"
    if style == "soap":
        return (
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
            f"<soap:Fault>{inside}</soap:Fault></soap:Body></soap:Envelope>"
        )
    return (
        f'{{"fault":{{"detail":{{"tns:exceptionInfo":{{"tns:code":"{code}","tns:id":"7b1d",'
        f'"xmlns:tns":"http://services.sapo.pt/exceptions"}}}},"faultcode":"soap:Server","faultstring":"{text}"}}}}'
    )


@pytest.mark.parametrize("style", ["xml", "json", "soap"])
@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("1010", "Invalid credentials", ReconnectNeeded),
        ("2610", "Invalid security token", ReconnectNeeded),
        ("2620", "Token expired", ReconnectNeeded),
        ("2550", "The service took too long", Unavailable),
        ("", "invalid SECURITY token", ReconnectNeeded),
        ("1010", "The access key is not known", ProtocolError),
        ("9999", "Something else", ProtocolError),
    ],
)
def test_fault_becomes_its_error(
    style: str, status: int, code: str, text: str, kind: type[ProviderError]
) -> None:
    with ReplayServer() as server, pytest.raises(ProviderError) as caught:
        _ask(server, _fault(code, text, style), status, "text/xml").image_details("a")
    assert type(caught.value) is kind
    assert (caught.value.code, caught.value.operation) == (code, "ImageDetails")


def test_service_too_slow_for_a_write_leaves_the_outcome_unknown() -> None:
    with ReplayServer() as server, pytest.raises(OutcomeUnknown):
        _ask(server, _fault("2550", "Too long", "json"), 500).image_delete("a")


@pytest.mark.parametrize(
    ("description", "kind"),
    [("Image not found", NotFound), ("Title too long", Refused), ("", Refused)],
)
@pytest.mark.parametrize("operation", ["ImageDetails", "ImageDelete"])
def test_result_that_is_not_ok_becomes_its_error(
    operation: str, description: str, kind: type[ProviderError]
) -> None:
    body = f'{{"ok":"false","description":"{description}"}}'
    inside = body if operation == "ImageDelete" else f'{{"result":{body}}}'
    body = f'{{"{operation}Response":{{"{operation}Result":{inside}}}}}'
    with ReplayServer() as server:
        client = _ask(server, body)
        with pytest.raises(ProviderError) as caught:
            client.image_delete("a") if operation == "ImageDelete" else client.image_details("a")
    assert type(caught.value) is kind and caught.value.code


@pytest.mark.parametrize(
    "body",
    [
        '{"ImageDetailsResponse":{"ImageDetailsResult":{"image":{"uid":"a"}}}}',
        '{"ImageDetailsResponse":{"ImageDetailsResult":{"result":{"ok":"true"}}}}',
        '{"ImageDetailsResponse":{"ImageDetailsResult":{"result":{"ok":"true"},"image":{"title":"x"}}}}',
        '{"ImageDetailsResponse":{"ImageDetailsResult":{"result":{"ok":"maybe"},"image":{"uid":"a"}}}}',
        '{"ImageDetailsResponse":null}',
        '{"ImageDetailsResponse":[]}',
        '{"AlbumCreateResponse":{}}',
        '{"a":1,"b":2}',
        "{" * 5000,
        '{"a":' + "[" * 100_000,
        '{"ImageDetailsResponse":"\ud800"'.encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_answer_that_lacks_what_it_must_have_is_a_protocol_error(body: str) -> None:
    with ReplayServer() as server, pytest.raises(ProtocolError):
        _ask(server, body).image_details("a")


def test_highlighted_tags_may_come_without_a_result() -> None:
    body = '{"TagsGetListByHighlightedResponse":{"TagsGetListByHighlightedResult":{"tags":{"tag":"sol"}}}}'
    with ReplayServer() as server:
        assert _ask(server, body).tags_get_list_by_highlighted() == ("sol",)


def test_list_without_page_numbers_ends_with_its_total() -> None:
    body = (
        '{"ImageGetListByUserResponse":{"ImageGetListByUserResult":{"images":{"image":{"uid":"a"}},'
        '"result":{"ok":"true","total":"101"}}}}'
    )
    with ReplayServer() as server:
        assert _ask(server, body).image_get_list_by_user().page_count == 3


@pytest.mark.parametrize("binding", ["rest", "soap"])
def test_text_that_xml_cannot_hold_is_left_out_of_requests(binding: str) -> None:
    with ReplayServer() as server:
        with pytest.raises(ProviderError):
            client_at(server.url, binding).image_create(title="a\x00b\ud800c\x1fd]]>é🏖")
        (request,) = server.requests
    assert "abcd]]>é🏖".encode() in request.body.replace(b"&gt;", b">")


# Trees that look like answers, with anything anywhere.
_NAMES = st.sampled_from(
    [
        *("images", "image", "result", "ok", "total", "totalPages", "uid", "tags", "views", "view", "url"),
        *("user", "albums", "album", "id", "comments", "comment", "refColor", "red", "creationDate", "m18"),
    ]
)
_TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["true", "50", "", "x", "²"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=25,
)


class _FixedReply:
    """A binding that answers with a tree."""

    secrets = ()

    def __init__(self, tree: Any) -> None:
        self._body = json.dumps({"ImageGetListByUserResponse": {"ImageGetListByUserResult": tree}}).encode()

    def call(self, name: str, request: Any) -> Reply:
        return Reply(status=200, headers={}, body=self._body)


@given(_TREES, st.dictionaries(_NAMES, _TREES, max_size=4))
@settings(max_examples=300)
def test_no_answer_causes_anything_but_one_of_our_errors(images: Any, image: Any) -> None:
    tree = {
        "result": {"ok": "true", "total": images},
        "images": {"image": [{"uid": "a", **image}, images] if image else images},
    }
    for wrapped in (tree, images, {"result": images, "images": image}):
        with contextlib.suppress(ProviderError):
            for found in SapoClient(_FixedReply(wrapped)).image_get_list_by_user().items:
                to_photo(found, Addresses(app_at("http://127.0.0.1")))
