"""Links accounts on the tests' own service, and makes uploads to them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import settings
from django.contrib.auth.models import User

from gallery.accounts.models import LinkedAccount
from gallery.uploads.delivery.albums import NewAlbum
from gallery.uploads.models import Upload
from gallery.uploads.receiving.accept import Wanted, accept, open_batch
from gallery.uploads.receiving.handler import IncomingHandler
from providers import registry
from providers.linking import seal_token
from tests.support.fake_service import KINDS


def offer(url: str) -> None:
    """Let this process offer the tests' service, at `url`, beside the real ones."""
    real = {**registry.kinds(), **KINDS}
    registry.kinds = lambda: real  # type: ignore[assignment]
    for kind in KINDS:
        app = {
            "provider_id": f"test-{kind}",
            "name": KINDS[kind].name,
            "client_id": f"id-{kind}",
            "settings": {"web_url": url, "api_url": url, "allow_private": True},
        }
        settings.SOCIALACCOUNT_PROVIDERS[kind] = {"APPS": [app]}


@contextmanager
def offered(url: str) -> Iterator[None]:
    kinds, providers = registry.kinds, dict(settings.SOCIALACCOUNT_PROVIDERS)
    offer(url)
    try:
        yield
    finally:
        registry.kinds = kinds
        settings.SOCIALACCOUNT_PROVIDERS.clear()
        settings.SOCIALACCOUNT_PROVIDERS.update(providers)


def link(user: User, kind: str = "ticketed") -> LinkedAccount:
    """An account of the tests' service, with a sealed key that does not end."""
    provider_id, uid = f"test-{kind}", f"{user.username}-{kind}"
    social = SocialAccount.objects.create(user=user, provider=provider_id, uid=uid)
    SocialToken.objects.create(account=social, token=seal_token(provider_id, uid, f"key-of-{uid}"))
    return LinkedAccount.objects.create(
        user=user, social_account=social, provider_id=provider_id, kind=kind, remote_id=uid, label=uid
    )


def upload_of(
    account: LinkedAccount,
    content: bytes,
    filename: str = "apple.jpg",
    *,
    new_album: str = "",
    key: str = "",
) -> Upload:
    """An upload accepted the way the page does it."""
    batch = open_batch(account, key or uuid.uuid4().hex, None, NewAlbum(title=new_album))
    handler = IncomingHandler()
    handler.new_file("files", filename, "image/jpeg", None, None, None)
    handler.receive_data_chunk(content, 0)
    incoming = handler.file_complete(len(content))
    assert incoming is not None
    return accept(batch, incoming, Wanted())
