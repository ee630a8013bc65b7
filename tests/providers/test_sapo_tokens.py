"""The token service, asked over HTTP and SOAP, byte for byte."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from providers.contract.errors import ProtocolError, ProviderError, ReconnectNeeded, Unavailable
from providers.sapo.sts import TokenService
from tests.providers.sapo_replay import answer_of, app_at
from tests.support.replay_server import ReplayServer, http

NS = 'xmlns="http://services.sapo.pt/definitions"'
INFO = (
    "<PrimaryId>ana@sapo.pt</PrimaryId><ESBRoles><ESBRole>User</ESBRole></ESBRoles>"
    "<ESBToken>TOKEN-1</ESBToken>"
)
LIFE = "<LifeTime>2026-10-21T18:02:07Z</LifeTime><ExtraInfo/><PrimaryId>ana@sapo.pt</PrimaryId>"
LOGIN = "ESBUsername=ana%40sapo.pt&ESBPassword=seg+redo%26"
BOTH = "ESBToken=T-0&UserToken=T-0"

Call = Callable[[TokenService], Any]
# operation -> (call, form sent, answer over HTTP, result over SOAP, expected)
CASES: dict[str, tuple[Call, str, str, str, Callable[[Any], bool]]] = {
    "GetToken": (
        lambda sts: sts.get_token("ana@sapo.pt", "seg redo&", time_to_live="2:00:00"),
        f"{LOGIN}&ESBTokenTimeToLive=2%3A00%3A00",
        f"<ESBToken {NS}>TOKEN-1</ESBToken>",
        "TOKEN-1",
        lambda token: token == "TOKEN-1",
    ),
    "GetPrimaryId": (
        lambda sts: sts.get_primary_id("ana@sapo.pt", "seg redo&"),
        LOGIN,
        f"<GetPrimaryIdResult {NS}>{INFO}</GetPrimaryIdResult>",
        INFO,
        lambda info: (info.primary_id, info.token) == ("ana@sapo.pt", "TOKEN-1"),
    ),
    "GetPrimaryIdDetails": (
        lambda sts: sts.get_primary_id_details("ana@sapo.pt", "seg redo&"),
        LOGIN,
        f"<GetPrimaryIdDetailsResult {NS}>{INFO}</GetPrimaryIdDetailsResult>",
        INFO,
        lambda info: (info.primary_id, info.roles) == ("ana@sapo.pt", ("User",)),
    ),
    "ValidateToken": (
        lambda sts: sts.validate_token("T-0"),
        BOTH,
        f"<ValidateTokenResponse {NS}><ValidateTokenResult>{LIFE}</ValidateTokenResult>"
        "</ValidateTokenResponse>",
        LIFE,
        lambda info: (info.life_time, info.primary_id) == ("2026-10-21T18:02:07Z", "ana@sapo.pt"),
    ),
    "GetRoles": (
        lambda sts: sts.get_roles("T-0"),
        BOTH,
        f"<GetRolesResponse {NS}><GetRolesResult><ESBRoles><ESBRole>User</ESBRole><ESBRole>Administrator"
        "</ESBRole></ESBRoles></GetRolesResult></GetRolesResponse>",
        "<ESBRoles><ESBRole>User</ESBRole><ESBRole>Administrator</ESBRole></ESBRoles>",
        lambda roles: roles == ("User", "Administrator"),
    ),
    "RevokeToken": (
        lambda sts: sts.revoke_token("T-0"),
        BOTH,
        f"<RevokeTokenResponse {NS}><RevokeTokenResult>true</RevokeTokenResult></RevokeTokenResponse>",
        "true",
        lambda ended: ended is True,
    ),
}


@pytest.mark.parametrize("operation", CASES)
def test_http_posts_a_form_so_that_no_address_holds_the_password(operation: str) -> None:
    call, form, answer, _, expected = CASES[operation]
    with ReplayServer() as server:
        server.queue(http(answer.encode()))
        assert expected(call(TokenService(app_at(server.url))))
        (request,) = server.requests
    assert (request.method, request.target) == ("POST", f"/STS/{operation}")
    assert request.header("Content-Type") == "application/x-www-form-urlencoded"
    assert request.body.decode() == form


@pytest.mark.parametrize("operation", CASES)
def test_soap_sends_the_credentials_in_the_header(operation: str) -> None:
    call, form, _, result, expected = CASES[operation]
    answer = (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f"<{operation}Response {NS}><{operation}Result>{result}</{operation}Result></{operation}Response>"
        "</soap:Body></soap:Envelope>"
    )
    with ReplayServer() as server:
        server.queue(http(answer.encode()))
        assert expected(call(TokenService(app_at(server.url, "soap"))))
        (request,) = server.requests
    assert request.target == "/STS"
    assert request.header("SOAPAction") == f'"http://services.sapo.pt/definitions/{operation}"'
    who = "<ESBToken>T-0</ESBToken>"
    message = f"<{operation} {NS}><UserToken>T-0</UserToken></{operation}>"
    if form.startswith("ESBUsername"):
        who = "<ESBUsername>ana@sapo.pt</ESBUsername><ESBPassword>seg redo&amp;</ESBPassword>"
        message = f"<{operation} {NS}/>"
    if operation == "GetToken":
        who += "<ESBTokenTimeToLive>2:00:00</ESBTokenTimeToLive>"
    assert request.body.decode() == (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>'
        f"<ESBCredentials {NS}>{who}</ESBCredentials>"
        '<ESBAccessKey xmlns="http://services.sapo.pt/Metadata/Market">K-1</ESBAccessKey></soap:Header>'
        f"<soap:Body>{message}</soap:Body></soap:Envelope>"
    )


def test_token_is_exchanged_for_a_new_one() -> None:
    with ReplayServer() as server:
        server.queue(http(f"<ESBToken {NS}>NEW</ESBToken>".encode()))
        assert TokenService(app_at(server.url)).exchange_token("OLD") == "NEW"
        assert server.requests[0].body == b"ESBToken=OLD"


def test_token_is_read_from_json_too() -> None:
    body = b'{"ESBToken":{"value":"TOKEN-1","xmlns":"http://services.sapo.pt/definitions"}}'
    with ReplayServer() as server:
        server.queue(http(body, 200, "application/json"))
        assert TokenService(app_at(server.url)).get_token("ana", "segredo") == "TOKEN-1"


def test_key_is_tried_and_lasts_twelve_hours() -> None:
    user, kind = answer_of("UserDetails", "rest")
    with ReplayServer() as server:
        server.queue(http(CASES["GetPrimaryId"][2].encode()), http(user, 200, kind))
        key = TokenService(app_at(server.url)).key_for("ana@sapo.pt", "segredo")
        assert server.requests[1].target == "/Photos/UserDetails?json=true&ESBToken=TOKEN-1"
    assert (key.secret, key.remote_id, key.label) == ("TOKEN-1", "ana@sapo.pt", "ana")
    assert key.expires_at
    assert timedelta(hours=11, minutes=59) < key.expires_at - datetime.now(UTC) <= timedelta(hours=12)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (
            http(
                b"<fault><faultstring>Invalid credentials for segredo</faultstring><detail>"
                b'<t:exceptionInfo xmlns:t="http://services.sapo.pt/exceptions"><t:code>1010</t:code>'
                b"</t:exceptionInfo></detail></fault>",
                500,
            ),
            ReconnectNeeded,
        ),
        (http(b"<ESBToken/>"), ProtocolError),
        (http(b"<html/>"), ProtocolError),
        (http(b"<GetRolesResult/>"), ProtocolError),
        (http(b"<html/>", 500), Unavailable),
    ],
)
def test_answer_without_a_token_becomes_its_error(answer: bytes, kind: type[ProviderError]) -> None:
    with ReplayServer() as server:
        server.queue(answer)
        with pytest.raises(ProviderError) as caught:
            TokenService(app_at(server.url)).get_token("ana", "segredo")
    assert type(caught.value) is kind
    assert "segredo" not in str(caught.value)
