"""Linking a SAPO account: whose it becomes, what is kept, and what is never seen again."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from providers.contract.errors import ProtocolError, Unavailable
from providers.linking import open_token
from providers.sapo.models import StoredPassword
from providers.sapo.server.auth.people import open_account, update_account
from providers.sapo.server.models import Person, Token
from tests.support.replay_server import ReplayServer, http

PASSWORD = "ana-segredo-marcador"
NAME = "ana"
EMAIL = "ana@sapo.example"


def _app(provider_id: str, url: str, key: str = "sapo-access-key-for-tests") -> dict[str, Any]:
    return {
        "provider_id": provider_id,
        "name": f"SAPO {provider_id}",
        "client_id": key,
        "settings": {"web_url": url, "api_url": url, "allow_private": True, "binding": "rest"},
    }


def _offer(settings: Settings, *apps_: dict[str, Any]) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {
        **settings.SOCIALACCOUNT_PROVIDERS,
        "sapo": {"APPS": list(apps_)},
    }


@pytest.fixture
def ana(live_server: LiveServer, settings: Settings, db: None) -> Person:
    """Ana's account on the built-in server, which the site offers as two apps."""
    url = f"{live_server.url}/services/sapo"
    _offer(settings, _app("sapo-here", url), _app("sapo-there", url, "another-key"))
    return open_account(NAME, EMAIL, PASSWORD)


@pytest.fixture
def at_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def link_page(provider_id: str = "sapo-here") -> str:
    return reverse("sapo_login", kwargs={"provider_id": provider_id})


def link(
    client: Client, *, password: str = PASSWORD, stay_connected: bool = False, where: str = "sapo-here"
) -> Any:
    form = {"username": NAME, "password": password, **({"stay_connected": "on"} if stay_connected else {})}
    return client.post(link_page(where), form)


def links() -> list[tuple[str, str]]:
    return [(link.user.username, link.provider) for link in SocialAccount.objects.order_by("pk")]


# --- Linking ---


def test_right_password_links_the_account_and_seals_its_token(ana: Person, at_alice: Client) -> None:
    response = link(at_alice)
    assert response.status_code == 302 and response["Location"] == reverse("accounts:list")
    account = SocialAccount.objects.get()
    assert (account.user.username, account.provider, account.uid) == ("alice", "sapo-here", EMAIL)
    assert account.extra_data == {"label": NAME}
    token = SocialToken.objects.get(account=account)
    assert token.token.startswith("v1.")
    assert Token.objects.count() == 1 and len(open_token(account, token.token)) > 30
    assert token.expires_at and token.expires_at > timezone.now() + timedelta(hours=11)
    assert not StoredPassword.objects.exists()


@pytest.mark.parametrize("username", [NAME, "nobody"])
def test_wrong_password_and_unknown_name_get_the_same_sentence(
    ana: Person, at_alice: Client, username: str
) -> None:
    response = at_alice.post(link_page(), {"username": username, "password": "wrong-password-xyz"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "SAPO does not know this name and password together." in page
    assert "wrong-password-xyz" not in page
    assert links() == []


def test_account_of_somebody_else_is_not_taken_over(
    ana: Person, at_alice: Client, bob: User, client: Client
) -> None:
    link(at_alice, stay_connected=True)
    before = SocialToken.objects.values_list("token", "expires_at").get()
    at_bob = Client()
    at_bob.force_login(bob)
    page = link(at_bob).content.decode()
    assert "Somebody else here has linked this account already." in page
    assert links() == [("alice", "sapo-here")]
    assert SocialToken.objects.values_list("token", "expires_at").get() == before
    assert StoredPassword.objects.count() == 1
    assert Token.objects.filter(revoked_at=None).count() == 1  # Bob's was given back


def test_two_servers_are_two_links(ana: Person, at_alice: Client, settings: Settings) -> None:
    settings.SAPO_REQUIRE = ["credentials"]
    link(at_alice)
    link(at_alice, where="sapo-there")
    assert links() == [("alice", "sapo-here"), ("alice", "sapo-there")]
    first, second = SocialToken.objects.order_by("pk")
    assert open_token(first.account, first.token) != open_token(second.account, second.token)


def test_linking_again_renews_the_one_link(ana: Person, at_alice: Client) -> None:
    link(at_alice)
    first = SocialToken.objects.get().token
    link(at_alice)
    assert links() == [("alice", "sapo-here")]
    assert SocialToken.objects.get().token != first


@pytest.mark.parametrize("provider_id", ["sapo", "pomar-orange", "nothing"])
def test_server_that_is_not_a_sapo_of_this_site_is_not_found(
    ana: Person, at_alice: Client, provider_id: str
) -> None:
    assert at_alice.get(link_page(provider_id)).status_code == 404
    assert link(at_alice, where=provider_id).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_signed_out_visitor_is_sent_to_sign_in(ana: Person, client: Client, method: str) -> None:
    response = getattr(client, method)(link_page(), {"username": NAME, "password": PASSWORD})
    assert response.status_code == 302 and reverse("account_login") in response["Location"]
    assert PASSWORD not in response["Location"] or method == "get"
    assert not SocialAccount.objects.exists() and User.objects.count() == 0


def test_form_of_another_site_links_nothing(ana: Person, alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert link(strict).status_code == 403
    assert links() == []


def test_missing_fields_and_control_characters_are_told(ana: Person, at_alice: Client) -> None:
    for form in ({}, {"username": NAME}, {"username": "a\x00b", "password": "x"}, {"username": "x" * 300}):
        response = at_alice.post(link_page(), form)
        assert response.status_code == 200 and b"is-invalid" in response.content
    assert links() == []


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (http(b"", 503), "is not answering. Try again in a few minutes."),
        (http(b"<html>" + PASSWORD.encode(), 200), "did not let us in. Nothing was linked."),
    ],
)
def test_server_in_trouble_is_told_and_links_nothing(
    at_alice: Client, settings: Settings, answer: bytes, sentence: str
) -> None:
    with ReplayServer() as server:
        _offer(settings, _app("sapo-here", server.url))
        server.queue(answer)
        page = link(at_alice).content.decode()
    assert sentence in page and PASSWORD not in page
    assert links() == []


def test_wrong_access_key_is_not_blamed_on_the_person(ana: Person, at_alice: Client) -> None:
    page = link(at_alice, where="sapo-there").content.decode()
    assert "did not let us in" in page
    assert links() == []


# --- Staying connected ---


def _stored() -> Iterator[str]:
    return iter(StoredPassword.objects.values_list("sealed", flat=True))


def test_password_is_stored_sealed_only_when_asked(ana: Person, at_alice: Client) -> None:
    link(at_alice, stay_connected=True)
    (sealed,) = _stored()
    assert sealed.startswith("v1.") and PASSWORD not in sealed


def test_password_is_forgotten_when_the_box_is_not_ticked_again(ana: Person, at_alice: Client) -> None:
    link(at_alice, stay_connected=True)
    link(at_alice)
    assert list(_stored()) == []


def test_site_may_forbid_storing_passwords(ana: Person, at_alice: Client, settings: Settings) -> None:
    settings.STAY_CONNECTED_IS_ALLOWED = False
    assert b"stay_connected" not in at_alice.get(link_page()).content
    link(at_alice, stay_connected=True)
    assert links() and list(_stored()) == []


def test_stored_password_renews_the_token(ana: Person, at_alice: Client) -> None:
    link(at_alice, stay_connected=True)
    account, old = SocialAccount.objects.get(), SocialToken.objects.get()
    SocialToken.objects.update(expires_at=timezone.now())
    assert _provider().renew(account) is True
    new = SocialToken.objects.get()
    assert open_token(account, new.token) != open_token(account, old.token)
    assert new.expires_at and new.expires_at > timezone.now() + timedelta(hours=11)
    assert StoredPassword.objects.get().used_at


def test_refused_password_is_tried_once_and_forgotten(ana: Person, at_alice: Client) -> None:
    link(at_alice, stay_connected=True)
    account = SocialAccount.objects.get()
    update_account(ana, email=EMAIL, password="another-password-99")
    assert _provider().renew(account) is False
    assert list(_stored()) == []
    assert _provider().renew(account) is False


def test_password_outlives_a_server_that_is_away(ana: Person, at_alice: Client, settings: Settings) -> None:
    link(at_alice, stay_connected=True)
    account = SocialAccount.objects.get()
    _offer(settings, _app("sapo-here", "http://127.0.0.1:9"))
    with pytest.raises(Unavailable):
        _provider().renew(account)
    assert len(list(_stored())) == 1


def test_renewal_that_names_somebody_else_is_not_taken(
    ana: Person, at_alice: Client, settings: Settings
) -> None:
    link(at_alice, stay_connected=True)
    account, token = SocialAccount.objects.get(), SocialToken.objects.get().token
    with ReplayServer() as server:
        _offer(settings, _app("sapo-here", server.url))
        server.queue(
            http(b"<GetPrimaryIdResult><PrimaryId>eva@sapo.example</PrimaryId><ESBToken>T</ESBToken></GetPrimaryIdResult>"),
            http(b"<UserDetailsResponse><UserDetailsResult><result><ok>true</ok></result><user/></UserDetailsResult></UserDetailsResponse>"),
        )  # fmt: skip
        try:
            renewed = _provider().renew(account)
        except ProtocolError:
            renewed = False
    assert renewed is False and SocialToken.objects.get().token == token


def test_unlinking_takes_the_password_along(ana: Person, at_alice: Client) -> None:
    link(at_alice, stay_connected=True)
    SocialAccount.objects.get().delete()
    assert list(_stored()) == []


def test_revoked_token_no_longer_opens(ana: Person, at_alice: Client) -> None:
    link(at_alice)
    sealed = SocialToken.objects.get().token
    for _ in range(2):  # safe to repeat
        _provider().revoke_token("sapo-here", EMAIL, sealed)
    assert not Token.objects.filter(revoked_at=None).exists()


def _provider() -> Any:
    return get_adapter().get_provider(None, provider="sapo-here")


# --- Reauthentication, and secrets ---


def test_password_is_not_parked_while_the_person_signs_in_again(
    ana: Person, at_alice: Client, settings: Settings
) -> None:
    settings.ACCOUNT_REAUTHENTICATION_REQUIRED = True
    shown = at_alice.get(link_page())
    assert shown.status_code == 302 and reverse("account_reauthenticate") in shown["Location"]
    response = link(at_alice)
    assert response.status_code == 302 and response["Location"] == link_page()
    assert PASSWORD not in str(dict(at_alice.session))
    at_alice.post(shown["Location"], {"password": "alice-password-1"})
    assert at_alice.get(link_page()).status_code == 200
    link(at_alice)
    assert links() == [("alice", "sapo-here")]


def test_no_secret_is_left_in_any_table_session_or_log(
    ana: Person, at_alice: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    link(at_alice, password="wrong-segredo-marcador")
    link(at_alice, stay_connected=True)
    account, token = SocialAccount.objects.get(), SocialToken.objects.get()
    secret = open_token(account, token.token)
    _provider().renew(account)
    secrets = ["wrong-segredo-marcador", PASSWORD, secret, "sapo-access-key-for-tests"]
    found = "\n".join(_every_text())
    found += "\n".join(str(session.get_decoded()) for session in Session.objects.all()) + caplog.text
    assert [one for one in secrets if one in found] == []


def _every_text() -> Iterator[str]:
    """Every value of every column that could hold a text, of every table."""
    for model in apps.get_models(include_auto_created=True):
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField, models.JSONField, models.BinaryField))
        ]
        for row in model._default_manager.values_list(*names) if names else ():
            yield from map(str, row)
