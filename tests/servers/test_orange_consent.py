"""The privacy page and what hangs from it (docs/protocols/orange.md, Consent)."""

import html
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.idp.oidc.models import Token
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from providers.orange.server.accounts import issue_token
from providers.orange.server.models import Consent, OrangeAccount, ServiceDetails
from tests.support.orange_kit import Caller, Response, body_of, caller_for, error_code, root_of
from tests.support.painting import picture

PAGE = "/services/orange/privacy/interaction.do"
RETURN = "https://albums.example/orange/consented/?job=42"


@pytest.fixture
def caller(alice: User) -> Caller:
    made = caller_for(alice)
    ServiceDetails.objects.filter(client=made.service).update(return_hosts="albums.example")
    return made


@pytest.fixture
def browser(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def withdraw(caller: Caller) -> None:
    """As an operator or an older link may have it: the token without the right."""
    Token.objects.update(scopes="openid")


def page(caller: Caller, attributes: str = ",see", **more: str) -> tuple[str, dict[str, str]]:
    return PAGE, {"family": "photo", "serviceId": caller.key.service_id, "attributes": attributes, **more}


def answer(browser: Client, caller: Caller, choice: str, attributes: str = ",see", **more: str) -> Response:
    path, query = page(caller, attributes, **more)
    return browser.post(path, {"choice": choice}, query_params=query)


def test_call_without_consent_is_answered_as_documented(caller: Caller) -> None:
    withdraw(caller)
    response = caller.get("action=GetAlbumsList")
    assert response.status_code == 500
    assert body_of(response).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<error><code>-3</code>'
        "<detail>PrivacyAccessDeniedException</detail><url>http://testserver/services/orange/privacy/"
        f"interaction.do?family=photo&amp;serviceId={caller.key.service_id}&amp;attributes=,see</url></error>\n"
    )


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("action=GetAlbumsList", "see"),
        ("action=GetAlbum&Album=a", "see"),
        ("action=GetMediaObjsList&Album=a", "see"),
        ("action=GetMediaObj&MOB=a", "see"),
        ("action=CreateAlbum&TIT=a", "add"),
    ],
)
def test_each_method_needs_its_right(caller: Caller, query: str, right: str) -> None:
    withdraw(caller)
    url = root_of(caller.get(query)).findtext("url") or ""
    assert parse_qs(urlsplit(url).query)["attributes"] == [f",{right}"]


def test_upload_without_consent_keeps_nothing(caller: Caller) -> None:
    withdraw(caller)
    assert error_code(caller.add(picture(), F_title="a")) == "-3"
    assert OrangeAccount.objects.get().photo_count == 0


def test_always_lets_the_same_token_in_again(caller: Caller, browser: Client) -> None:
    withdraw(caller)
    response = answer(browser, caller, "always", urlRetour=RETURN)
    assert (response.status_code, response["Location"]) == (302, RETURN)
    assert root_of(caller.get("action=GetAlbumsList")).get("code") == "3201"
    assert error_code(caller.get("action=CreateAlbum&TIT=a")) == "-3"  # only what was asked for


def test_once_ends_after_an_hour(caller: Caller, browser: Client) -> None:
    withdraw(caller)
    answer(browser, caller, "once")
    assert error_code(caller.get("action=GetAlbumsList")) is None
    Consent.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert error_code(caller.get("action=GetAlbumsList")) == "-3"


def test_refusal_holds_against_the_grant_of_the_link(caller: Caller, browser: Client) -> None:
    assert error_code(caller.get("action=GetAlbumsList")) is None
    answer(browser, caller, "refused", ",see,add")
    assert error_code(caller.get("action=GetAlbumsList")) == "-3"
    assert error_code(caller.get("action=CreateAlbum&TIT=a")) == "-3"


def test_linking_again_is_a_newer_yes(caller: Caller, browser: Client) -> None:
    answer(browser, caller, "refused")
    caller.token = issue_token(caller.account, caller.key.service_id)
    assert error_code(caller.get("action=GetAlbumsList")) is None


def test_refusal_sends_back_as_well(caller: Caller, browser: Client) -> None:
    response = answer(browser, caller, "refused", urlRetour=RETURN)
    assert response["Location"] == RETURN


def test_consent_is_each_persons_own(caller: Caller, bob: User) -> None:
    other = Client()
    other.force_login(bob)
    caller_for(bob)
    withdraw(caller)
    answer(other, caller, "always")
    assert error_code(caller.get("action=GetAlbumsList")) == "-3"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "https://albums.example.evil.example/",
        "https://albums.example@evil.example/",
        "https://evil.example/?albums.example",
        "\\\\evil.example",
        "https:evil.example",
    ],
)
def test_foreign_return_address_is_refused(caller: Caller, browser: Client, url: str) -> None:
    for method in (browser.get, browser.post):
        path, query = page(caller, urlRetour=url)
        response = method(path, query_params=query)
        assert response.status_code == 400
        assert not response.has_header("Location")
    assert not Consent.objects.exists()


def test_page_names_service_and_rights_and_changes_nothing(caller: Caller, browser: Client) -> None:
    path, query = page(caller, ",see,add", urlRetour=RETURN)
    response = browser.get(path, query_params=query)
    text = response.content.decode()
    assert "Albums" in text and "alice@example.org" in text
    assert all(f'value="{choice}"' in text for choice in ("once", "always", "refused"))
    assert "https://albums.example" in response["Content-Security-Policy"]
    assert not Consent.objects.exists()


@pytest.mark.parametrize("change", [{"family": "contact"}, {"serviceId": "NOBODY"}, {"serviceId": "a\x00b"}])
def test_question_that_cannot_be_asked_is_a_page(
    caller: Caller, browser: Client, change: dict[str, str]
) -> None:
    path, query = page(caller)
    response = browser.get(path, query_params=query | change)
    assert response.status_code == 400 and b"Nothing was changed" in response.content


@pytest.mark.parametrize("attributes", ["see", ",see", ",see,", " see , ", ",see,unheard-of"])
def test_attributes_are_taken_with_and_without_the_comma(
    caller: Caller, browser: Client, attributes: str
) -> None:
    answer(browser, caller, "always", attributes)
    assert list(Consent.objects.values_list("right", flat=True)) == ["see"]


def test_family_is_known_by_both_spellings(caller: Caller, browser: Client) -> None:
    path, query = page(caller)
    del query["family"]
    assert browser.get(path, query_params=query | {"familly": "photo"}).status_code == 200
    assert browser.get(path, query_params=query | {"familly": "contact"}).status_code == 400


def test_unheard_of_choice_changes_nothing(caller: Caller, browser: Client) -> None:
    assert answer(browser, caller, "perhaps").status_code == 200
    assert not Consent.objects.exists()


def test_page_is_for_people_who_are_signed_in(caller: Caller) -> None:
    path, query = page(caller)
    response = Client().get(path, query_params=query)
    assert response.status_code == 302 and "/login/" in response["Location"]


def test_answer_needs_the_pages_own_form(caller: Caller, alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert answer(strict, caller, "always").status_code == 403
    assert not Consent.objects.exists()


def test_person_without_account_opens_one_on_the_way(caller: Caller, bob: User) -> None:
    browser = Client()
    browser.force_login(bob)
    path, query = page(caller)
    response = browser.get(path, query_params=query)
    assert urlsplit(response["Location"]).path == "/services/orange/open/"
    opened = browser.post(
        response["Location"], {"next": parse_qs(urlsplit(response["Location"]).query)["next"]}
    )
    assert opened["Location"].startswith(PAGE)
    assert OrangeAccount.objects.filter(user=bob).exists()


def test_open_page_goes_nowhere_else(bob: User) -> None:
    browser = Client()
    browser.force_login(bob)
    assert browser.get("/services/orange/open/?next=/accounts/").status_code == 200
    assert not OrangeAccount.objects.exists()
    response = browser.post("/services/orange/open/", {"next": "https://evil.example/"})
    assert response["Location"] == "/"
    again = browser.get("/services/orange/open/?next=/accounts/")
    assert again["Location"] == "/accounts/"  # there is one already


def test_person_finds_who_asked_and_can_take_a_yes_back(caller: Caller, browser: Client) -> None:
    text = browser.get("/services/orange/privacy/").content.decode()
    (url,) = re.findall(r'class="service" href="([^"]+)"', text)
    assert "Albums" in text
    browser.post(html.unescape(url), {"choice": "refused"})
    assert error_code(caller.get("action=GetAlbumsList")) == "-3"
    assert error_code(caller.get("action=CreateAlbum&TIT=a")) == "-3"
    assert url in browser.get("/services/orange/privacy/").content.decode()


def test_others_services_are_not_shown(caller: Caller, bob: User) -> None:
    other = Client()
    other.force_login(bob)
    text = other.get("/services/orange/privacy/").content.decode()
    assert "No service has asked yet." in text and "Albums" not in text
