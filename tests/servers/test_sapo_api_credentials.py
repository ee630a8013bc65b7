"""Credentials, keys and the token service (docs/protocols/sapo.md, 3 and 6)."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree
from pytest_django import Settings

from providers.sapo.server.auth.people import issue_access_key, issue_token
from providers.sapo.server.models import AccessKey, Person, Token
from tests.support.sapo_api import KEY, NS, PASSWORD, PHOTOS, STS, Program, fault_code, person

pytestmark = pytest.mark.django_db
DEFINITIONS = "http://services.sapo.pt/definitions"


@pytest.fixture
def ana(client: Client) -> Program:
    return Program(client, person())


def login(client: Client, username: str, password: str) -> str:
    """The fault code of a call with this user name and password, "" when it was let in."""
    answer = client.get(
        f"{PHOTOS}/UserDetails?ESBUsername={username}&ESBPassword={password}&ESBAccessKey={KEY}"
    )
    return "" if answer.status_code == 200 else fault_code(answer)


def reason(client: Client, username: str, password: str) -> str:
    answer = client.get(
        f"{PHOTOS}/UserDetails?ESBUsername={username}&ESBPassword={password}&ESBAccessKey={KEY}"
    )
    return str(etree.fromstring(answer.content).findtext("faultstring"))


def test_unknown_user_and_wrong_password_get_the_same_answer(ana: Program) -> None:
    assert login(ana.client, "ana", "wrong") == login(ana.client, "nobody", "wrong") == "1010"
    assert (
        reason(ana.client, "ana", "wrong") == reason(ana.client, "nobody", "wrong") == "Invalid credentials"
    )


def test_guessing_is_stopped_and_does_not_lock_others_out(ana: Program) -> None:
    for _ in range(10):
        assert reason(ana.client, "ana", "wrong") == "Invalid credentials"
    assert "Too many attempts" in reason(ana.client, "ana", "wrong")
    assert "Too many attempts" in reason(ana.client, "ana", PASSWORD)
    person("rui")
    assert login(ana.client, "rui", PASSWORD) == ""


def test_password_that_was_right_is_refused_after_it_changed(ana: Program) -> None:
    assert login(ana.client, "ana", PASSWORD) == ""
    ana.owner.set_password("another-password")
    ana.owner.save()
    assert login(ana.client, "ana", PASSWORD) == "1010"
    assert login(ana.client, "ana", "another-password") == ""


@pytest.mark.parametrize("change", [{"is_banned": True}, {"is_active": False}])
def test_closed_account_lets_nobody_in(ana: Program, change: dict[str, bool]) -> None:
    assert login(ana.client, "ana", PASSWORD) == ""
    Person.objects.update(**change)
    assert login(ana.client, "ana", PASSWORD) == "1010"
    assert fault_code(ana.get("UserDetails")) == "2610"


def test_expired_and_revoked_tokens_have_their_own_faults(ana: Program) -> None:
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert fault_code(ana.get("UserDetails")) == "2620"
    Token.objects.update(revoked_at=timezone.now())
    assert fault_code(ana.get("UserDetails")) == "2610"


def test_key_is_demanded_by_default(ana: Program) -> None:
    missing = ana.client.get(f"{PHOTOS}/UserDetails?ESBToken={ana.token}")
    assert fault_code(missing) == "1010"
    assert b"access key" in missing.content
    assert fault_code(ana.client.get(f"{PHOTOS}/UserDetails?ESBToken={ana.token}&ESBAccessKey=x")) == "1010"


def test_key_opens_only_the_account_it_is_tied_to(ana: Program) -> None:
    own, other = issue_access_key(ana.owner), issue_access_key(person("rui"))
    everybody = issue_access_key(None)
    for key, status in ((own, 200), (other, 500), (everybody, 200)):
        answer = ana.client.get(f"{PHOTOS}/UserDetails?ESBToken={ana.token}&ESBAccessKey={key}")
        assert answer.status_code == status
    AccessKey.objects.update(is_active=False)
    assert (
        fault_code(ana.client.get(f"{PHOTOS}/UserDetails?ESBToken={ana.token}&ESBAccessKey={own}")) == "1010"
    )


def test_foreign_authorization_header_does_no_harm(ana: Program) -> None:
    answer = ana.client.get(
        f"{PHOTOS}/UserDetails?ESBToken={ana.token}&ESBAccessKey={KEY}",
        headers={"Authorization": 'OAuth oauth_nonce="x"'},
    )
    assert answer.status_code == 200


def test_site_may_demand_less(ana: Program, settings: Settings) -> None:
    settings.SAPO_REQUIRE = ["credentials"]
    assert ana.client.get(f"{PHOTOS}/UserDetails?ESBToken={ana.token}").status_code == 200
    assert fault_code(ana.client.get(f"{PHOTOS}/UserDetails")) == "1010"
    settings.SAPO_REQUIRE = []
    assert ana.client.get(f"{PHOTOS}/UserDetails?username=ana").status_code == 200
    assert fault_code(ana.client.get(f"{PHOTOS}/UserDetails")) == "1010"


def test_token_over_http_is_a_bare_element(ana: Program) -> None:
    answer = ana.client.get(f"{STS}/GetToken?ESBUsername=ana@sapo.example&ESBPassword={PASSWORD}")
    root = etree.fromstring(answer.content)
    assert answer.content == f'<ESBToken xmlns="{DEFINITIONS}">{root.text}</ESBToken>'.encode()
    assert ana.client.get(f"{PHOTOS}/UserDetails?ESBToken={root.text}&ESBAccessKey={KEY}").status_code == 200
    stored = Token.objects.latest("pk")
    assert timedelta(hours=11, minutes=59) < stored.expires_at - timezone.now() <= timedelta(hours=12)
    assert root.text != stored.token_hash


def test_token_as_json_shows_its_namespace(ana: Program) -> None:
    answer = ana.client.get(f"{STS}/GetToken?ESBUsername=ana&ESBPassword={PASSWORD}&json=true")
    document = json.loads(answer.content)
    assert document == {"ESBToken": {"value": document["ESBToken"]["value"], "xmlns": DEFINITIONS}}


@pytest.mark.parametrize("path", ["/services/sapo/STS/GetToken", "/services/sapo/sts/GetToken"])
def test_token_by_form_and_by_sloppy_query(ana: Program, path: str) -> None:
    form = {"ESBUsername": "ana", "ESBPassword": PASSWORD}
    assert ana.client.post(path, form).status_code == 200
    query = f"?JSON=False&ESBUsername=ana&ESBPassword={PASSWORD}"
    answer = ana.client.get(path, QUERY_STRING=query)
    assert etree.fromstring(answer.content).tag == f"{{{DEFINITIONS}}}ESBToken"


def test_token_lives_as_long_as_asked(ana: Program) -> None:
    ana.client.get(f"{STS}/GetToken?ESBToken={ana.token}&ESBTokenTimeToLive=2:00:00&ESBTokenExtraInfo=x")
    stored = Token.objects.latest("pk")
    assert timedelta(hours=1, minutes=59) < stored.expires_at - timezone.now() <= timedelta(hours=2)
    assert stored.extra_info == "x"


@pytest.mark.parametrize("text", ["2 hours", "0:00:00", "9999:00:00", "1:99:00", "-1:00:00"])
def test_lifetime_that_cannot_be_read_is_a_fault(ana: Program, text: str) -> None:
    assert (
        fault_code(ana.client.get(f"{STS}/GetToken?ESBToken={ana.token}&ESBTokenTimeToLive={text}")) == "1010"
    )


def test_token_over_soap_comes_from_body_or_header(ana: Program) -> None:
    credentials = (
        f'<ESBCredentials xmlns="{DEFINITIONS}"><ESBUsername>ana</ESBUsername><ESBPassword>{PASSWORD}'
        "</ESBPassword><ESBTokenExtraInfo/></ESBCredentials>"
    )
    for header, body in ((credentials, ""), ("", credentials)):
        envelope = (
            f'<s:Envelope xmlns:s="{NS["soap"]}"><s:Header>{header}</s:Header><s:Body>'
            f'<GetToken xmlns="{DEFINITIONS}">{body}<JSON>false</JSON></GetToken></s:Body></s:Envelope>'
        )
        answer = ana.client.post(
            STS, envelope, content_type="text/xml", headers={"SOAPAction": f'"{DEFINITIONS}/GetToken"'}
        )
        root = etree.fromstring(answer.content)
        assert root.findtext("soap:Body/d:GetTokenResponse/d:GetTokenResult", namespaces=NS)
        assert b"<GetTokenResult>" in answer.content


def test_who_the_caller_is_over_http(ana: Program) -> None:
    answer = ana.client.get(f"{STS}/GetPrimaryId?ESBToken={ana.token}")
    root = etree.fromstring(answer.content)
    assert root.tag == f"{{{DEFINITIONS}}}GetPrimaryIdResult"
    assert [etree.QName(child).localname for child in root] == ["PrimaryId", "ESBToken"]
    assert root.findtext("d:PrimaryId", namespaces=NS) == "ana@sapo.example"


def test_roles_stand_below_the_recorded_root(ana: Program) -> None:
    other = issue_token(person("rui", is_admin=True))
    answer = ana.client.get(f"{STS}/GetRoles?ESBToken={ana.token}&UserToken={other}")
    root = etree.fromstring(answer.content)
    assert root.tag == f"{{{DEFINITIONS}}}GetRolesResponse"
    roles = root.findall("d:GetRolesResult/d:ESBRoles/d:ESBRole", NS)
    assert [role.text for role in roles] == ["User", "Administrator"]


def test_token_service_answers_wrong_passwords_with_a_fault(ana: Program) -> None:
    url = f"{STS}/GetToken?ESBUsername=ana&ESBPassword=wrong"
    assert fault_code(ana.client.get(url)) == "1010"
    assert fault_code(ana.client.get(f"{url}&json=true")) == "1010"
    assert fault_code(ana.client.get(f"{STS}/GetToken")) == "1010"
    assert fault_code(ana.client.get(f"{STS}/Other")) == "1010"


def test_revoked_token_is_dead(ana: Program) -> None:
    assert b">true<" in ana.client.get(f"{STS}/RevokeToken?ESBToken={ana.token}").content
    assert fault_code(ana.get("UserDetails")) == "2610"
    assert fault_code(ana.client.get(f"{STS}/ValidateToken?ESBToken={ana.token}")) == "2610"


def test_all_roles_are_told_in_json(ana: Program) -> None:
    token = issue_token(person("rui", is_admin=True))
    details = json.loads(ana.client.get(f"{STS}/GetPrimaryIdDetails?json=true&ESBToken={token}").content)
    assert details["GetPrimaryIdDetailsResult"]["ESBRoles"] == {"ESBRole": ["User", "Administrator"]}
