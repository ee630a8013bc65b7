"""Linked accounts: whose they are, what state they are in, and what becomes of their keys."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from gallery.accounts.keys import open_service
from gallery.accounts.models import LinkedAccount, Revocation
from gallery.accounts.services import link_account, note_ok, note_trouble, unlink_account
from gallery.accounts.signals import account_left, account_ready
from gallery.uploads.delivery.albums import NewAlbum
from gallery.uploads.receiving.accept import open_batch
from providers.contract.errors import ConsentNeeded, NotFound, ReconnectNeeded, Refused, Unavailable
from providers.linking import open_token, seal_token
from providers.sapo.photos import SapoPhotos
from providers.sapo.server.auth.keys import seal
from providers.vault import Vault
from tests.support.sapo_api import person, photo

pytestmark = pytest.mark.django_db
State = LinkedAccount.State


def linked(user: User, uid: str = "ana@example.org", secret: str = "token-of-ana") -> LinkedAccount:
    """`user`'s link to the built-in SAPO server, as the link page leaves it."""
    social = SocialAccount.objects.create(
        user=user, provider="pomar-sapo", uid=uid, extra_data={"label": uid.partition("@")[0]}
    )
    SocialToken.objects.create(
        account=social,
        token=seal_token("pomar-sapo", uid, secret),
        expires_at=timezone.now() + timedelta(hours=12),
    )
    return link_account(social)


def error(kind: type, **more: str):  # type: ignore[no-untyped-def]
    return kind("said so", provider="sapo", operation="ImageDetails", **more)


def test_account_is_linked_once_however_often_it_is_connected(alice: User) -> None:
    first = linked(alice)
    assert first.social_account is not None
    again = link_account(first.social_account)
    assert again == first
    assert LinkedAccount.objects.count() == 1
    assert (first.kind, first.label) == ("sapo", "ana")


def test_account_opens_with_its_own_key(alice: User) -> None:
    assert isinstance(open_service(linked(alice)), SapoPhotos)


@pytest.mark.parametrize("state", [State.OK, State.RECONNECT])
def test_refusal_of_the_old_key_does_not_undo_a_new_link(alice: User, state: str) -> None:
    account = linked(alice)
    LinkedAccount.objects.update(state=state)
    at_work = LinkedAccount.objects.get()  # as a worker read it, before it asked with the old key
    link_account(account.social_account)
    note_trouble(at_work, error(ReconnectNeeded, code="2620"))
    assert LinkedAccount.objects.get().state == State.OK


def test_account_without_a_key_asks_to_be_connected_again(alice: User) -> None:
    account = linked(alice)
    SocialToken.objects.all().delete()
    with pytest.raises(ReconnectNeeded) as caught:
        open_service(account)
    assert caught.value.code == "expired"


def test_account_with_an_expired_key_and_no_password_asks_to_be_connected_again(alice: User) -> None:
    account = linked(alice)
    SocialToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ReconnectNeeded):
        open_service(account)


def test_account_of_a_server_no_longer_offered_asks_to_be_connected_again(alice: User) -> None:
    account = linked(alice)
    account.provider_id = "sapo-elsewhere"
    with pytest.raises(ReconnectNeeded) as caught:
        open_service(account)
    assert caught.value.code == "not_offered"


def test_key_moved_to_another_account_does_not_open(alice: User, bob: User) -> None:
    linked(alice, "ana@example.org")
    theirs = linked(bob, "bia@example.org")
    stolen = SocialToken.objects.get(account__uid="ana@example.org").token
    SocialToken.objects.filter(account=theirs.social_account).update(token=stolen)
    with pytest.raises(ReconnectNeeded) as caught:
        open_service(theirs)
    assert caught.value.code == "unsealable"


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (error(ReconnectNeeded, code="2620"), State.RECONNECT),
        (error(ConsentNeeded, code="-3", url="http://testserver/yes"), State.CONSENT),
        (error(Refused, code="1106"), State.REFUSED),
        (error(Unavailable), State.UNREACHABLE),
    ],
)
def test_trouble_is_kept_as_a_state_until_the_account_answers(
    alice: User, trouble: Exception, state: str
) -> None:
    account = linked(alice)
    note_trouble(account, trouble)  # type: ignore[arg-type]
    account.refresh_from_db()
    assert account.state == state
    assert account.state_code == trouble.code  # type: ignore[attr-defined]
    note_ok(account)
    account.refresh_from_db()
    assert (account.state, account.state_code, account.consent_url) == (State.OK, "", "")


def test_missing_photo_says_nothing_about_its_account(alice: User) -> None:
    account = linked(alice)
    note_trouble(account, error(NotFound))
    account.refresh_from_db()
    assert account.state == State.OK


def test_answering_again_is_told_once(alice: User) -> None:
    account = linked(alice)
    note_trouble(account, error(Unavailable))
    received: list[LinkedAccount] = []

    def receive(account: LinkedAccount, **kwargs: object) -> None:
        received.append(account)

    account_ready.connect(receive)
    try:
        note_ok(account)
        note_ok(account)
    finally:
        account_ready.disconnect(receive)
    assert received == [account]


def test_replaced_key_is_kept_only_to_be_revoked(alice: User) -> None:
    account = linked(alice, secret="old")
    token = SocialToken.objects.get()
    token.token = seal_token("pomar-sapo", account.remote_id, "new")
    token.save()
    row = Revocation.objects.get()
    assert account.social_account is not None
    assert open_token(account.social_account, row.sealed) == "old"


def test_unlinking_forgets_the_key_at_once_and_tells_the_library(alice: User) -> None:
    account = linked(alice)
    left: list[LinkedAccount] = []

    def receive(account: LinkedAccount, **kwargs: object) -> None:
        left.append(account)

    account_left.connect(receive)
    try:
        from django.test import TestCase

        with TestCase.captureOnCommitCallbacks(execute=False) as callbacks:
            unlink_account(account)
        assert len(callbacks) == 2
    finally:
        account_left.disconnect(receive)
    assert not SocialToken.objects.exists()
    assert not SocialAccount.objects.exists()
    assert Revocation.objects.count() == 1
    assert not LinkedAccount.objects.visible_to(alice).exists()


def test_account_being_taken_down_can_be_linked_again_meanwhile(alice: User, bob: User) -> None:
    unlink_account(linked(alice))
    again = linked(bob)
    assert again.user == bob
    assert LinkedAccount.objects.count() == 2


def test_link_removed_behind_our_back_says_that_it_needs_its_owner(alice: User) -> None:
    account = linked(alice)
    SocialAccount.objects.all().delete()
    account.refresh_from_db()
    assert (account.state, account.state_code) == (State.RECONNECT, "no_key")


def test_accounts_page_shows_only_ones_own(client: Client, alice: User, bob: User, carol: User) -> None:
    linked(alice, "ana-of-alice@example.org")
    theirs = linked(bob, "bia-of-bob@example.org")
    client.force_login(alice)
    page = client.get(reverse("accounts:list")).content.decode()
    assert "ana-of-alice" in page
    assert "bia-of-bob" not in page
    client.force_login(carol)
    assert "ana-of-alice" not in client.get(reverse("accounts:list")).content.decode()
    for name in ("unlink", "consent", "consented"):
        assert client.get(reverse(f"accounts:{name}", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("accounts:unlink", args=[theirs.pk])).status_code == 404
    assert LinkedAccount.objects.visible_to(bob).exists()


def test_only_an_account_in_trouble_offers_to_be_connected_again(client: Client, alice: User) -> None:
    account = linked(alice)
    client.force_login(alice)
    assert "Connect again" not in client.get(reverse("accounts:list")).content.decode()
    LinkedAccount.objects.filter(pk=account.pk).update(state=LinkedAccount.State.RECONNECT)
    assert "Connect again" in client.get(reverse("accounts:list")).content.decode()


def test_only_one_of_several_addresses_can_be_made_the_main_one(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = client.get(reverse("account_email")).content.decode()
    assert "Your addresses" in page and "Make it the main one" not in page
    EmailAddress.objects.create(user=alice, email="second@example.org", verified=True)
    assert "Make it the main one" in client.get(reverse("account_email")).content.decode()


def test_unlinking_says_first_what_will_happen(client: Client, alice: User) -> None:
    account = linked(alice)
    client.force_login(alice)
    page = client.get(reverse("accounts:unlink", args=[account.pk])).content.decode()
    assert "leave your gallery here" in page and "still on their way to it stop" in page
    assert LinkedAccount.objects.visible_to(alice).exists()
    client.post(reverse("accounts:unlink", args=[account.pk]))
    assert not LinkedAccount.objects.visible_to(alice).exists()


def test_consent_leads_to_the_services_own_page_with_the_way_back(client: Client, alice: User) -> None:
    account = linked(alice)
    client.force_login(alice)
    url = "http://testserver/services/sapo/privacy?family=photo"
    note_trouble(account, error(ConsentNeeded, code="-3", url=url))
    answer = client.get(reverse("accounts:consent", args=[account.pk]))
    assert answer["Location"].startswith(f"{url}&urlRetour=http%3A%2F%2Ftestserver%2Flinked%2F")
    client.get(reverse("accounts:consented", args=[account.pk]))
    account.refresh_from_db()
    assert account.state == State.OK


def test_consent_leads_to_a_foreign_site_only_where_the_operator_named_it(
    client: Client, alice: User, settings: Settings
) -> None:
    account = linked(alice)
    client.force_login(alice)
    address = reverse("accounts:consent", args=[account.pk])
    app = settings.SOCIALACCOUNT_PROVIDERS["sapo"]["APPS"][0]
    for url, leads_there in (
        ("https://evil.example/services/sapo", False),
        ("https://privacy.example/interaction.do", True),
        ("https://privacy.example@evil.example/", False),
        ("https://evil.example\\@privacy.example/", False),
        ("//evil.example/", False),
    ):
        note_trouble(account, error(ConsentNeeded, url=url))
        assert client.get(address).status_code == 404, url
        named = {**app, "settings": {**app["settings"], "hosts": "ephoto.example privacy.example"}}
        with override_settings(SOCIALACCOUNT_PROVIDERS={"sapo": {"APPS": [named]}}):
            assert client.get(address).status_code == (302 if leads_there else 404), url


def test_resealing_lets_the_old_key_go(alice: User, settings: Settings) -> None:
    account = linked(alice, secret="pear")
    image = photo(person("ana"), sealed_password=seal("segredo", "image", "a-photo"), uid="a-photo")
    closed = NewAlbum(title="Figueiras", password="figo")
    batch = open_batch(account, "one-form", None, closed)
    new = Vault.new_key("t2")
    settings.VAULT_KEYS = [new, *settings.VAULT_KEYS]
    call_command("reseal", stdout=StringIO())
    sealed = SocialToken.objects.get().token
    assert Vault([new]).open(sealed, "token", "pomar-sapo", account.remote_id) == "pear"
    image.refresh_from_db()
    assert Vault([new]).open(image.sealed_password, "sapo-server", "image", "a-photo") == "segredo"
    batch.refresh_from_db()
    binding = ("album", str(account.pk), "one-form")
    assert Vault([new]).open(batch.sealed_album_password, *binding) == "figo"
