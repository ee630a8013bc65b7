"""How the Orange server says no: two envelopes, and HTTP's own statuses (docs/protocols/orange.md)."""

import base64
import io
from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Token
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from providers.orange.protocol import Action
from providers.orange.server.accounts import subscribe_service
from providers.orange.server.api_views import endpoint
from providers.orange.server.models import OrangeAlbum
from providers.server.faults.models import FaultPlan
from tests.support.orange_kit import (
    BOUNDARY,
    ENDPOINT,
    Caller,
    Response,
    body_of,
    caller_for,
    error_code,
    form,
    root_of,
)
from tests.support.painting import picture

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
ACTIONS = [
    "action=GetAlbumsList", "action=CreateAlbum&TIT=a", "action=GetAlbum&Album=a",
    "action=GetMediaObjsList&Album=a", "action=GetMediaObj&MOB=a", "action=AddMediaObj",
]  # fmt: skip


@pytest.fixture
def caller(alice: User) -> Caller:
    return caller_for(alice)


def test_service_error_is_written_as_documented(caller: Caller) -> None:
    caller.account.delete()
    response = caller.get("action=GetAlbumsList")
    assert response.status_code == 200
    assert body_of(response).decode() == (
        f'{HEAD}<action version="2.0" code="200"><error-code>1106</error-code>'
        "<error-msg>Owner unknown [GUID = mail alice@example.org]</error-msg></action>\n"
    )


@pytest.mark.parametrize("action", ACTIONS)
def test_unknown_token_is_told_by_the_gateway(caller: Caller, action: str) -> None:
    response = caller.get(f"{action}&token=nobody-has-this", with_token=False)
    assert response.status_code == 401
    assert body_of(response).decode() == (
        f"{HEAD}<error><code>-1</code><detail>InvalidTokenException</detail></error>\n"
    )


@pytest.mark.parametrize("action", ACTIONS)
def test_expired_token_is_told_apart(caller: Caller, action: str) -> None:
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = caller.get(action)
    assert (response.status_code, error_code(response)) == (401, "-2")


def test_token_of_another_kind_opens_nothing(caller: Caller) -> None:
    Token.objects.update(type=Token.Type.REFRESH_TOKEN)
    assert error_code(caller.get("action=GetAlbumsList")) == "-1"


def test_token_of_somebody_locked_out_opens_nothing(caller: Caller) -> None:
    User.objects.update(is_active=False)
    assert error_code(caller.get("action=GetAlbumsList")) == "-1"


def test_revoked_token_opens_nothing(caller: Caller) -> None:
    Token.objects.all().delete()
    assert error_code(caller.get("action=GetAlbumsList")) == "-1"


def test_token_works_only_with_the_service_it_was_made_for(caller: Caller) -> None:
    caller.key = subscribe_service("Another")
    assert error_code(caller.get("action=GetAlbumsList")) == "-1"


@pytest.mark.parametrize("token", ["", "x" * 1025, "%00", "%FF"])
def test_odd_tokens_open_nothing(caller: Caller, token: str) -> None:
    response = caller.get(f"action=GetAlbumsList&token={token}", with_token=False)
    assert error_code(response) == ("-1" if token else "9001")


@pytest.mark.parametrize(
    "header",
    [
        "Basic " + base64.b64encode(b"nobody:nothing").decode(),
        "Basic %%%",
        "Basic " + base64.b64encode(b"\xff\xfe").decode(),
        "Basic " + base64.b64encode(b"no\x00body:nothing").decode(),
        "Basic",
        "Basic " + base64.b64encode(b"no-colon").decode(),
    ],
)
def test_wrong_service_credentials_are_a_bare_401(caller: Caller, header: str) -> None:
    response = caller.http.get(
        f"{ENDPOINT}?action=GetAlbumsList&token={caller.token}", headers={"Authorization": header}
    )
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic ")
    assert response.content == b""


def test_wrong_service_password_is_refused(caller: Caller) -> None:
    wrong = base64.b64encode(f"{caller.key.service_id}:wrong".encode()).decode()
    response = caller.http.get(
        f"{ENDPOINT}?action=GetAlbumsList&token={caller.token}", headers={"Authorization": f"Basic {wrong}"}
    )
    assert response.status_code == 401


@pytest.mark.parametrize(("demanded", "status"), [(False, 200), (True, 401)])
def test_service_credentials_are_demanded_by_setting(
    caller: Caller, settings: Settings, demanded: bool, status: int
) -> None:
    settings.ORANGE_REQUIRE_SERVICE_AUTH = demanded
    bare = Client().get(f"{ENDPOINT}?action=GetAlbumsList&token={caller.token}")
    assert bare.status_code == status
    assert caller.get("action=GetAlbumsList").status_code == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "9001"),
        ("action=", "9001"),
        ("action=DeleteAlbum", "9002"),
        ("actionDeleteAlbum", "9002"),
        ("action=%00", "9002"),
        ("action=CreateAlbum", "9001"),
        ("action=GetAlbum", "9001"),
        ("action=GetAlbum&Album=", "9001"),
        ("action=GetMediaObjsList", "9001"),
        ("action=GetMediaObj", "9001"),
        ("action=AddMediaObj", "9001"),
        ("&".join(f"a{number}=1" for number in range(200)), "9001"),
    ],
)
def test_request_that_makes_no_sense_is_a_400(caller: Caller, query: str, code: str) -> None:
    response = caller.get(query)
    assert (response.status_code, error_code(response)) == (400, code)


def test_missing_token_is_a_400(caller: Caller) -> None:
    response = caller.get("action=GetAlbumsList", with_token=False)
    assert (response.status_code, error_code(response)) == (400, "9001")


def test_message_of_an_error_is_well_formed_whatever_was_sent(caller: Caller) -> None:
    response = caller.get("action=%3Cb%3E%26%5D%5D%3E%0B")
    assert "<b>&]]>" in (root_of(response).findtext("error-msg") or "")


@pytest.mark.parametrize("method", ["put", "delete", "patch", "head"])
def test_other_http_methods_are_not_allowed(caller: Caller, method: str) -> None:
    assert getattr(Client(), method)(f"{ENDPOINT}?action=GetAlbumsList").status_code == 405


def test_other_path_is_a_404(db: None) -> None:
    assert Client().get("/services/orange/PersonalPhotos/V2").status_code == 404


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x"],
)
def test_broken_form_is_a_400(caller: Caller, content_type: str) -> None:
    response = Client().post(ENDPOINT, b"nothing like a form", content_type=content_type)
    assert (response.status_code, error_code(response)) == (400, "9001")


def test_form_too_long_to_be_one_is_a_400(caller: Caller) -> None:
    body = b"action=GetAlbumsList&token=" + b"x" * 5_000_000
    response = Client().post(ENDPOINT, body, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, error_code(response)) == (400, "9001")


def test_form_that_breaks_off_is_not_taken(caller: Caller) -> None:
    fields = [("action", "AddMediaObj"), ("F_title", "a"), ("token", caller.token)]
    whole = form(fields, picture(), "a.jpg", "image/jpeg")
    # All of the picture came, and not the end of the form.
    cut = RequestFactory().post(
        ENDPOINT, whole[:-5], content_type="multipart/form-data; boundary=----albums7MA4YWxk"
    )
    cut.META["CONTENT_LENGTH"] = str(len(whole))
    cut._stream = io.BytesIO(whole[:-5])
    response = endpoint(cut)
    assert response.status_code == 400
    assert not OrangeAlbum.objects.exists()


def _in_chunks(body: bytes) -> Response:
    """The answer to a form without a length, as a web server hands it on."""
    request = RequestFactory().post(ENDPOINT, content_type=f"multipart/form-data; boundary={BOUNDARY}")
    del request.META["CONTENT_LENGTH"]
    request.META["HTTP_TRANSFER_ENCODING"] = "chunked"
    request.META["wsgi.input"] = io.BytesIO(body)
    return endpoint(request)


def test_form_in_chunks_is_taken_when_it_came_to_its_end(caller: Caller) -> None:
    fields = [("action", "AddMediaObj"), ("F_title", "a"), ("token", caller.token)]
    whole = form(fields, picture(), "a.jpg", "image/jpeg")
    assert _in_chunks(whole[:-6]).status_code == 400
    assert not OrangeAlbum.objects.exists()
    assert root_of(_in_chunks(whole)).get("code") == "3201"


def test_form_of_nothing_is_a_400(caller: Caller) -> None:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    for response in (Client().post(ENDPOINT, b"", content_type=kind), _in_chunks(b"")):
        assert response.status_code == 400 and error_code(response) in ("9001", "9005")


def test_type_of_a_form_is_known_in_any_case(caller: Caller) -> None:
    fields = [("action", "AddMediaObj"), ("F_title", "a"), ("token", caller.token)]
    kind = f"Multipart/Form-Data; boundary={BOUNDARY}"
    response = Client().post(ENDPOINT, form(fields, picture(), "a.jpg", "x"), content_type=kind)
    assert root_of(response).get("code") == "3201"


def test_endless_form_is_not_read_to_its_end(caller: Caller, settings: Settings) -> None:
    settings.SERVER_MAX_FILE_BYTES = 1024 * 1024
    fields = [("action", "AddMediaObj"), ("F_title", "a"), ("token", caller.token)]
    body = form(fields, bytes(20 * 1024 * 1024), "a.jpg", "image/jpeg")
    stream = io.BytesIO(body)
    request = RequestFactory().post(ENDPOINT, content_type=f"multipart/form-data; boundary={BOUNDARY}")
    request.META |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": stream}
    request._stream = stream
    response = endpoint(request)
    assert (response.status_code, error_code(response)) == (200, "9006")
    assert stream.tell() < len(body)


def test_calls_beyond_the_limit_are_told_when_to_come_back(caller: Caller, settings: Settings) -> None:
    settings.ORANGE_CALLS_A_MINUTE = 3
    other = caller_for(caller.account.user)
    responses = [caller.get("action=GetAlbumsList") for _ in range(5)]
    assert [answer.status_code for answer in responses] == [200, 200, 200, 429, 429]
    assert responses[-1]["Retry-After"] == "60"
    assert other.get("action=GetAlbumsList").status_code == 200
    settings.ORANGE_CALLS_A_MINUTE = 0
    assert caller.get("action=GetAlbumsList").status_code == 200


@pytest.mark.parametrize("action", [each.value for each in Action if each is not Action.ADD_MEDIA_OBJ])
@pytest.mark.parametrize(("code", "tag", "status"), [("9099", "action", 500), ("-2", "error", 500)])
def test_fault_plan_is_played(caller: Caller, action: str, code: str, tag: str, status: int) -> None:
    FaultPlan.objects.create(
        server="orange", operation=action, kind=FaultPlan.Kind.ERROR, code=code, remaining=1
    )
    query = f"action={action}&Album=a&MOB=a&TIT=a"
    planned = caller.get(query)
    assert (planned.status_code, root_of(planned).tag, error_code(planned)) == (status, tag, code)
    assert error_code(caller.get(query)) != code


def test_log_of_a_failure_names_no_token(
    caller: Caller, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.db.models.QuerySet.count", _storage_is_gone)
    response = caller.get("action=GetAlbumsList")
    assert (response.status_code, error_code(response)) == (500, "9099")
    assert caller.token not in caplog.text


def _storage_is_gone(*args: object) -> int:
    raise OSError("/a/path?token=secret")
