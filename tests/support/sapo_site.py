"""The built-in SAPO server for tests of the gallery: reached over HTTP, with people who link it."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from gallery.accounts.models import LinkedAccount
from gallery.library import services
from providers.linking import seal_token
from providers.sapo.server.auth.people import issue_token
from providers.sapo.server.models import Person
from tests.support import jobs

PROVIDER = "pomar-sapo"


def serve_at(url: str) -> None:
    """Tell the gallery that the SAPO server is at `url` (the live server of the test)."""
    (app,) = (
        one for one in settings.SOCIALACCOUNT_PROVIDERS["sapo"]["APPS"] if one["provider_id"] == PROVIDER
    )
    app["settings"] |= {"web_url": f"{url}/services/sapo", "api_url": f"{url}/services/sapo"}


@contextmanager
def served_at(url: str) -> Iterator[None]:
    app = settings.SOCIALACCOUNT_PROVIDERS["sapo"]["APPS"][0]
    saved = dict(app["settings"])
    serve_at(url)
    try:
        yield
    finally:
        app["settings"] = saved


def link(user: User, person: Person) -> LinkedAccount:
    """`user` links the account of `person`, with a key that the server takes."""
    social = SocialAccount.objects.create(user=user, provider=PROVIDER, uid=person.username)
    token = seal_token(PROVIDER, person.username, issue_token(person))
    SocialToken.objects.create(account=social, token=token)
    return LinkedAccount.objects.create(
        user=user,
        social_account=social,
        provider_id=PROVIDER,
        kind="sapo",
        remote_id=person.username,
        label=person.username,
    )


def synced(account: LinkedAccount) -> LinkedAccount:
    services.request_sync(account)
    jobs.sync_account(account.pk)
    account.refresh_from_db()
    return account


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lose_key(account: LinkedAccount) -> None:
    """The service no longer knows the key."""
    social = account.social_account
    assert social is not None
    SocialToken.objects.filter(account=social).update(token=seal_token(PROVIDER, social.uid, "nobody's key"))
