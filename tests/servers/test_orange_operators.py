"""What operators and authors of apps have: commands and the admin panel."""

import io
import json
import re

import pytest
from allauth.idp.oidc.models import Client as ServiceClient
from allauth.idp.oidc.models import Token
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from providers.orange.server.models import OrangeAccount, ServiceDetails
from tests.support.orange_kit import ENDPOINT, caller_for, error_code, root_of
from tests.support.painting import picture

MODELS = ["orangeaccount", "orangealbum", "mediaobject", "consent"]


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def operator(admin_client: Client) -> Client:
    return admin_client


def test_orange_account_prints_keys_that_work(db: None) -> None:
    printed = json.loads(run("orange_account", "zoe@example.org", "--json"))
    assert printed["email"] == "zoe@example.org"
    assert re.fullmatch(r"[A-Z]{10}\d{10}", printed["SERVICE_ID"])
    client = Client()
    response = client.get(f"{ENDPOINT}?action=GetAlbumsList&token={printed['token']}")
    assert root_of(response).get("code") == "3201"
    assert ServiceClient.objects.get(pk=printed["SERVICE_ID"]).check_secret(printed["SERVICE_PWD"])


def test_orange_account_finds_the_person_who_is_there(alice: User) -> None:
    text = run("orange_account", "ALICE@example.org")
    run("orange_account", "alice@example.org")
    assert User.objects.count() == 1 and OrangeAccount.objects.get().user == alice
    assert "SERVICE_ID: " in text and "token: " in text


def test_orange_account_makes_a_person_of_a_taken_name(alice: User) -> None:
    run("orange_account", "alice@elsewhere.example")
    assert set(User.objects.values_list("username", flat=True)) == {"alice", "alice2"}


def test_orange_account_wants_an_address(db: None) -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        run("orange_account", "nobody")
    assert not User.objects.exists()


@pytest.mark.parametrize("email", ["", "a@", "a b@example.org", "x" * 64 + "@" + "y" * 60 + ".example" * 30])
def test_orange_account_says_what_is_wrong_with_an_address(db: None, email: str) -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        run("orange_account", email)
    assert not User.objects.exists() and not ServiceClient.objects.exists()


@pytest.mark.parametrize("service", ["", "  ", "x" * 101, "a\nb"])
def test_orange_account_says_what_is_wrong_with_a_service(db: None, service: str) -> None:
    with pytest.raises(CommandError, match="name of 1 to 100 characters"):
        run("orange_account", "zoe@example.org", "--service", service)
    assert not User.objects.exists()


def test_orange_account_registers_where_visitors_come_back_to(db: None) -> None:
    url = "http://localhost:3000/back/"
    printed = json.loads(run("orange_account", "zoe@example.org", "--redirect", url, "--json"))
    service = ServiceClient.objects.get(pk=printed["SERVICE_ID"])
    assert service.get_redirect_uris() == [url]
    assert ServiceDetails.objects.get(client=service).hosts() == {"localhost:3000"}
    with pytest.raises(CommandError, match="is not a web address"):
        run("orange_account", "zoe@example.org", "--redirect", "javascript:alert(1)")


def test_orange_account_prints_no_key_that_would_open_nothing(alice: User) -> None:
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="switched off"):
        run("orange_account", "alice@example.org")


def test_orange_account_called_again_leaves_the_first_keys_working(db: None) -> None:
    first, second = (json.loads(run("orange_account", "zoe@example.org", "--json")) for _ in range(2))
    assert first["SERVICE_ID"] != second["SERVICE_ID"] and OrangeAccount.objects.count() == 1
    for key in (first, second):
        answer = Client().get(f"{ENDPOINT}?action=GetAlbumsList&token={key['token']}")
        assert root_of(answer).get("code") == "3201"


def test_gallery_registers_itself_and_repeating_changes_nothing(db: None) -> None:
    run("register_orange_service")
    first = ServiceClient.objects.values().get()
    run("register_orange_service")
    assert ServiceClient.objects.values().get() == first
    assert first["id"] == settings.ORANGE_SERVICE_ID
    assert settings.ORANGE_SERVICE_PWD not in str(first)
    assert first["redirect_uris"] == "http://testserver/accounts/orange/pomar-orange/login/callback/"
    assert ServiceDetails.objects.get().hosts() == {"testserver"}


def test_changed_password_of_the_gallery_is_taken_over(db: None, settings: object) -> None:
    run("register_orange_service")
    settings.ORANGE_SERVICE_PWD = "another-long-password"  # type: ignore[attr-defined]
    run("register_orange_service")
    assert ServiceClient.objects.get().check_secret("another-long-password")


@pytest.mark.parametrize("model", MODELS)
def test_admin_lists_and_finds(operator: Client, alice: User, model: str) -> None:
    caller = caller_for(alice)
    caller.add(picture(), F_title="a")
    url = reverse(f"admin:orange_server_{model}_changelist")
    assert operator.get(url, {"q": "alice"}).status_code == 200


def test_admin_opens_each_row(operator: Client, alice: User) -> None:
    caller = caller_for(alice)
    caller.add(picture(), F_title="a")
    rows = {
        "orange_server_orangeaccount": caller.account.pk,
        "orange_server_orangealbum": caller.account.albums.get().pk,
        "orange_server_mediaobject": caller.account.media_objects.get().pk,
        "allauth_idp_oidc_client": caller.key.service_id,
        "allauth_idp_oidc_token": Token.objects.get().pk,
    }
    for name, pk in rows.items():
        response = operator.get(reverse(f"admin:{name}_change", args=[pk]))
        text = response.content.decode()
        assert response.status_code == 200
        assert caller.token not in text and caller.key.password not in text
        assert Token.objects.get().hash not in text and caller.service.secret not in text


def test_admin_subscribes_a_service_and_shows_its_password_once(operator: Client) -> None:
    url = reverse("admin:allauth_idp_oidc_client_add")
    form = {
        "name": "Albums of Zoe",
        "redirect_uris": "https://albums.example/back/",
        "orange_details-TOTAL_FORMS": "1",
        "orange_details-INITIAL_FORMS": "0",
        "orange_details-0-site_url": "https://albums.example/",
        "orange_details-0-return_hosts": "albums.example",
    }
    text = operator.post(url, form, follow=True).content.decode()
    service = ServiceClient.objects.get()
    password = re.search(r"SERVICE_PWD (\S+)\. ", text)
    assert service.id.startswith("ALBUMSOFZO") and password is not None
    assert service.check_secret(password[1]) and service.get_scopes() == ["openid", "photos"]
    assert service.orange_details.hosts() == {"albums.example"}
    again = operator.get(reverse("admin:allauth_idp_oidc_client_changelist")).content.decode()
    assert password[1] not in again


def test_admin_makes_a_new_password(operator: Client, alice: User) -> None:
    caller = caller_for(alice)
    url = reverse("admin:allauth_idp_oidc_client_changelist")
    data = {"action": "renew_passwords", "_selected_action": caller.key.service_id}
    assert "SERVICE_PWD" in operator.post(url, data, follow=True).content.decode()
    assert caller.get("action=GetAlbumsList").status_code == 401


def test_admin_revokes_a_token_at_once(operator: Client, alice: User) -> None:
    caller = caller_for(alice)
    url = reverse("admin:allauth_idp_oidc_token_changelist")
    operator.post(url, {"action": "revoke", "_selected_action": Token.objects.get().pk})
    assert error_code(caller.get("action=GetAlbumsList")) == "-1"


def test_admin_is_closed_to_others(alice: User) -> None:
    browser = Client()
    browser.force_login(alice)
    for model in MODELS:
        response = browser.get(reverse(f"admin:orange_server_{model}_changelist"))
        assert response.status_code in (302, 403)


@pytest.mark.parametrize(
    ("language", "action", "message"),
    [("en", "Revoke", "1 token revoked."), ("fr", "Révoquer", "1 jeton révoqué.")],
)
def test_operator_revokes_a_token_in_their_own_language(
    operator: Client, language: str, action: str, message: str
) -> None:
    run("orange_account", "zoe@example.org")
    url, headers = reverse("admin:allauth_idp_oidc_token_changelist"), {"accept-language": language}
    assert f">{action}</option>" in operator.get(url, headers=headers).content.decode()
    chosen = {"action": "revoke", "_selected_action": [Token.objects.get().pk]}
    assert message in operator.post(url, chosen, follow=True, headers=headers).content.decode()
    assert not Token.objects.exists()
