"""Linking an Orange account: our side of OAuth 2.0 against the built-in server, as a browser walks it.

Proves connection and what is kept; the formats of the API are judged elsewhere.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.idp.oidc.models import Client as ServiceClient
from allauth.idp.oidc.models import Token
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from gallery.accounts.signals import account_ready
from providers.linking import open_token, service_apps
from providers.orange.photos import open_account as open_photos
from providers.orange.server.accounts import open_account, subscribe_service
from providers.orange.server.models import OrangeAccount

Page = Any
LOGIN = "/accounts/orange/pomar-orange/login/"


@pytest.fixture(autouse=True)
def site(live_server: LiveServer, settings: Settings) -> Iterator[None]:
    """The site reaches its own server through another process, here the live server's thread."""
    app = dict(settings.SOCIALACCOUNT_PROVIDERS["orange"]["APPS"][0])
    app["settings"] = {
        **app["settings"],
        "web_url": "http://testserver/services/orange",
        "api_url": f"{live_server.url}/services/orange",
    }
    other = {**app, "provider_id": "other-orange", "client_id": "OTHERSERVE0123456789", "name": "Other"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        **settings.SOCIALACCOUNT_PROVIDERS,
        "orange": {"APPS": [app, other]},
    }
    for each in (app, other):
        callback = reverse("orange_callback", kwargs={"provider_id": each["provider_id"]})
        subscribe_service(
            "Pomar",
            redirect_uris=[f"http://testserver{callback}"],
            service_id=each["client_id"],
            password=each["secret"],
        )
    yield


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def set_out(browser: Client, url: str = LOGIN) -> str:
    """Press "link"; the server's address that the browser is sent to."""
    response = browser.post(url)
    assert response.status_code == 302, response.content
    return str(response["Location"])


def fields_of(page: Page) -> list[tuple[str, str]]:
    """The hidden fields of the consent page's form, as a browser sends them."""
    text = page.content.decode()
    inputs = re.findall(r"<input[^>]*>", text[text.index("<form") :])
    pairs = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in inputs]
    return [(name[1], value[1]) for name, value in pairs if name and value]


def consent(browser: Client, authorize_url: str, action: str = "grant") -> Page:
    """Say yes, or something else, on the consent page; the redirect back."""
    page = browser.get(authorize_url)
    assert page.status_code == 200, page
    data: dict[str, Any] = {"action": action}
    for name, value in fields_of(page):
        data.setdefault(name, []).append(value)
    response = browser.post(urlsplit(authorize_url).path, data)
    assert response.status_code == 302, response.content
    return response


def link(user: User, browser: Client | None = None, url: str = LOGIN) -> Page:
    """The whole way; where the person ends."""
    browser = browser or signed_in(user)
    open_account(user)
    return browser.get(consent(browser, set_out(browser, url))["Location"])


def test_account_is_linked_and_its_key_opens_the_service(alice: User) -> None:
    response = link(alice)
    assert response["Location"] == reverse("accounts:list")
    account = SocialAccount.objects.get()
    assert (account.user, account.provider) == (alice, "pomar-orange")
    assert account.uid == OrangeAccount.objects.get().sub
    key = SocialToken.objects.get()
    assert key.expires_at is not None and key.token_secret == ""
    opened = open_photos(service_apps()["pomar-orange"], open_token(account, key.token), "")
    assert opened.create_album("Bretagne").title == "Bretagne"


def test_way_out_is_code_with_pkce_and_both_scopes(alice: User) -> None:
    url = set_out(signed_in(alice))
    query = parse_qs(urlsplit(url).query)
    assert urlsplit(url).netloc == "" and url.startswith("/services/orange/identity/o/authorize?")
    assert query["response_type"] == ["code"] and query["code_challenge_method"] == ["S256"]
    assert set(query["scope"][0].split()) == {"openid", "photos"}
    assert query["redirect_uri"] == [f"http://testserver{LOGIN}callback/"]


def test_address_cannot_change_what_is_asked_for(alice: User) -> None:
    url = set_out(signed_in(alice), f"{LOGIN}?process=login&scope=email&auth_params=prompt%3Dnone")
    query = parse_qs(urlsplit(url).query)
    assert set(query["scope"][0].split()) == {"openid", "photos"} and "prompt" not in query


def test_consent_page_allows_the_way_back_to_the_client(alice: User) -> None:
    open_account(alice)
    browser = signed_in(alice)
    page = browser.get(set_out(browser))
    assert "http://testserver" in page["Content-Security-Policy"].partition("form-action")[2]
    assert b'name="scopes" value="photos"' in page.content


def test_person_without_account_there_opens_one_on_the_way(alice: User) -> None:
    browser = signed_in(alice)
    authorize = set_out(browser)
    away = browser.get(authorize)
    assert urlsplit(away["Location"]).path == reverse("orange_open")
    opened = browser.post(away["Location"], {"next": authorize})
    assert opened["Location"] == authorize
    browser.get(consent(browser, authorize)["Location"])
    assert SocialAccount.objects.get().uid == OrangeAccount.objects.get().sub


def test_no_secret_lies_anywhere_in_clear(alice: User) -> None:
    browser = signed_in(alice)
    link(alice, browser)
    account = SocialAccount.objects.get()
    secret = open_token(account, SocialToken.objects.get().token)
    assert len(secret) > 40
    assert set(account.extra_data) == {"label"} and account.extra_data["label"] == "alice@example.org"
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            assert secret not in repr(row)
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert sessions and secret not in repr(sessions)


def test_linking_again_renews_the_key_of_the_same_account(alice: User) -> None:
    browser = signed_in(alice)
    link(alice, browser)
    first = SocialToken.objects.get()
    old = open_token(first.account, first.token)
    link(alice, browser)
    second = SocialToken.objects.get()
    assert SocialAccount.objects.count() == 1
    assert open_token(second.account, second.token) != old


@pytest.mark.django_db(transaction=True)
def test_who_is_called_when_an_account_is_linked_again_finds_the_new_key(alice: User) -> None:
    link(alice)
    old = SocialToken.objects.get().token
    found = []

    def call(**keywords: object) -> None:
        found.append(SocialToken.objects.get().token)

    account_ready.connect(call)
    try:
        link(alice)
    finally:
        account_ready.disconnect(call)
    assert found == [SocialToken.objects.get().token] != [old]


def test_somebody_elses_link_is_refused_and_untouched(alice: User, bob: User) -> None:
    link(alice)
    before = SocialToken.objects.values().get()
    # Alice lets Bob have her account there: it answers to its name, and here it is still hers.
    OrangeAccount.objects.update(user=bob)
    response = link(bob)
    assert response["Location"] == reverse("accounts:list")
    assert SocialToken.objects.values().get() == before
    assert not SocialAccount.objects.filter(user=bob).exists()
    # The key just made was given back.
    assert not Token.objects.filter(user=bob, type=Token.Type.ACCESS_TOKEN).exists()


def test_refusal_on_the_consent_page_links_nothing(alice: User) -> None:
    open_account(alice)
    browser = signed_in(alice)
    back = consent(browser, set_out(browser), action="refuse")
    response = browser.get(back["Location"])
    assert response["Location"] == reverse("socialaccount_login_cancelled")
    assert not SocialAccount.objects.exists()


def test_half_a_grant_links_nothing(alice: User) -> None:
    open_account(alice)
    browser = signed_in(alice)
    page = browser.get(set_out(browser))
    for granted in (["openid"], ["photos"]):
        fields = dict(fields_of(page)) | {"action": "grant", "scopes": granted}
        back = browser.post("/services/orange/identity/o/authorize", fields)
        response = browser.get(back["Location"])
        assert response.status_code == 401
        page = browser.get(set_out(browser))
    assert not SocialAccount.objects.exists()


def test_callback_works_once(alice: User) -> None:
    open_account(alice)
    browser = signed_in(alice)
    back = consent(browser, set_out(browser))["Location"]
    assert browser.get(back).status_code == 302
    assert browser.get(back).status_code == 401
    assert SocialAccount.objects.count() == 1


def test_callback_of_another_persons_journey_links_nothing(alice: User, bob: User) -> None:
    open_account(alice)
    browser = signed_in(alice)
    back = consent(browser, set_out(browser))["Location"]
    assert signed_in(bob).get(back).status_code == 401
    assert not SocialAccount.objects.exists()


def test_state_of_one_server_does_not_open_another(alice: User) -> None:
    open_account(alice)
    browser = signed_in(alice)
    back = consent(browser, set_out(browser))["Location"]
    assert browser.get(back.replace("pomar-orange", "other-orange")).status_code == 401


def test_two_servers_are_two_links(alice: User) -> None:
    browser = signed_in(alice)
    link(alice, browser)
    link(alice, browser, "/accounts/orange/other-orange/login/")
    assert set(SocialAccount.objects.values_list("provider", flat=True)) == {"pomar-orange", "other-orange"}


@pytest.mark.parametrize("provider_id", ["nobody", "orange", "pomar-sapo", "sapo"])
@pytest.mark.parametrize("page", ["login/", "login/callback/"])
def test_server_that_is_not_offered_is_a_404(alice: User, provider_id: str, page: str) -> None:
    browser = signed_in(alice)
    assert browser.get(f"/accounts/orange/{provider_id}/{page}").status_code == 404
    assert browser.post(f"/accounts/orange/{provider_id}/{page}").status_code == 404


@pytest.mark.parametrize("page", [LOGIN, f"{LOGIN}callback/?code=a&state=b"])
def test_nobody_links_without_being_signed_in(db: None, page: str) -> None:
    for ask in (Client().get, Client().post):
        response = ask(page)
        assert response.status_code == 302 and response["Location"].startswith(reverse("account_login"))
    assert User.objects.count() == 0


def test_visit_starts_with_a_question_not_with_a_redirect(alice: User) -> None:
    assert signed_in(alice).get(LOGIN).status_code == 200


def test_server_that_is_away_is_told_on_a_page(alice: User, settings: Settings) -> None:
    open_account(alice)
    browser = signed_in(alice)
    back = consent(browser, set_out(browser))["Location"]
    providers = settings.SOCIALACCOUNT_PROVIDERS
    app = providers["orange"]["APPS"][0]
    gone = {**app, "settings": {**app["settings"], "api_url": "http://127.0.0.1:9/services/orange"}}
    settings.SOCIALACCOUNT_PROVIDERS = {**providers, "orange": {"APPS": [gone]}}
    assert browser.get(back).status_code == 401
    assert not SocialAccount.objects.exists()


def test_wrong_service_password_is_told_on_a_page(alice: User, caplog: pytest.LogCaptureFixture) -> None:
    open_account(alice)
    browser = signed_in(alice)
    back = consent(browser, set_out(browser))["Location"]
    ServiceClient.objects.update(secret="nothing")
    assert browser.get(back).status_code == 401
    assert parse_qs(urlsplit(back).query)["code"][0] not in caplog.text


def test_given_back_key_opens_nothing_and_giving_back_twice_is_fine(alice: User) -> None:
    link(alice)
    account, key = SocialAccount.objects.get(), SocialToken.objects.get()
    provider = account.get_provider()
    assert provider.renew(account) is False
    provider.revoke_token(account.provider, account.uid, key.token)
    assert not Token.objects.filter(type=Token.Type.ACCESS_TOKEN).exists()
    provider.revoke_token(account.provider, account.uid, key.token)


def test_linking_holds_no_database_lock_while_the_server_is_asked(alice: User) -> None:
    # The token view writes; were the callback inside a transaction, SQLite would make both wait.
    assert not connection.in_atomic_block
    assert link(alice).status_code == 302
