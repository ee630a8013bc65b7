"""A key that its service ended early is renewed by itself where the person stays connected."""

import pytest
from allauth.socialaccount.models import SocialToken
from django.contrib.auth.models import User
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from gallery.accounts.models import LinkedAccount
from gallery.accounts.services import link_account, note_trouble, revive
from providers.contract.errors import ReconnectNeeded
from providers.sapo.renewal import save_password
from providers.sapo.server.auth.people import open_account
from tests.gallery.test_accounts import linked

State = LinkedAccount.State
PASSWORD = "orange-blossom-77"


@pytest.fixture
def account(live_server: LiveServer, alice: User, settings: Settings) -> LinkedAccount:
    """Alice's, linked to the built-in server that really answers, and now refused there."""
    app = settings.SOCIALACCOUNT_PROVIDERS["sapo"]["APPS"][0]
    address = f"{live_server.url}/services/sapo"
    app = {**app, "settings": {**app["settings"], "api_url": address, "web_url": address}}
    settings.SOCIALACCOUNT_PROVIDERS = {**settings.SOCIALACCOUNT_PROVIDERS, "sapo": {"APPS": [app]}}
    open_account("ana", "ana@example.org", PASSWORD)
    account = linked(alice, "ana@example.org", secret="a-key-that-was-ended")
    note_trouble(account, ReconnectNeeded("no", provider="sapo", operation="UserDetails", code="2610"))
    return account


def test_refused_key_is_renewed_with_the_stored_password(account: LinkedAccount) -> None:
    assert account.social_account is not None
    save_password(account.social_account, "ana", PASSWORD)
    before = SocialToken.objects.get().token
    revive(account)
    assert LinkedAccount.objects.get().state == State.OK
    assert SocialToken.objects.get().token != before


def test_refused_key_without_a_stored_password_waits_for_the_person(account: LinkedAccount) -> None:
    revive(account)
    assert LinkedAccount.objects.get().state == State.RECONNECT


def test_password_is_not_tried_again_and_again(account: LinkedAccount) -> None:
    revive(account)
    assert account.social_account is not None
    save_password(account.social_account, "ana", PASSWORD)
    revive(account)  # within the pause: nothing is asked
    assert LinkedAccount.objects.get().state == State.RECONNECT
    link_account(account.social_account)  # the person connected again
    assert LinkedAccount.objects.get().state == State.OK
