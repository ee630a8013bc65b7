"""What every link to a photo service needs on django-allauth: sealed tokens, one owner, two addresses.

Tokens are sealed before a SocialToken exists, so rows, sessions, dumps and the admin panel hold
ciphertext (docs/flows/linking.md). `SocialAccount.provider` holds the app's provider_id.
"""

from functools import cache
from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from providers.registry import ServiceApp
from providers.vault import Vault

_KNOWN = {"web_url", "api_url", "allow_private"}


@cache
def _vault(keys: tuple[str, ...]) -> Vault:
    return Vault(keys)


def vault() -> Vault:
    return _vault(tuple(settings.VAULT_KEYS))


def service_apps() -> dict[str, ServiceApp]:
    """Every server that this site offers, by provider_id."""
    found = {}
    for kind, config in settings.SOCIALACCOUNT_PROVIDERS.items():
        for entry in config["APPS"]:
            app = _service_app(kind, entry)
            found[app.provider_id] = app
    return found


def _service_app(kind: str, entry: dict[str, Any]) -> ServiceApp:
    options = entry.get("settings", {})
    return ServiceApp(
        provider_id=entry["provider_id"],
        kind=kind,
        name=entry["name"],
        client_id=entry["client_id"],
        secret=entry.get("secret", ""),
        web_url=options["web_url"].rstrip("/"),
        api_url=options["api_url"].rstrip("/"),
        allow_private=bool(options.get("allow_private", False)),
        options={name: str(value) for name, value in options.items() if name not in _KNOWN},
    )


def seal_token(provider_id: str, uid: str, secret: str) -> str:
    """The token as it may be stored: readable only for this account of this server."""
    return vault().seal(secret, "token", provider_id, uid)


def open_token(account: SocialAccount, sealed: str) -> str:
    """The token in clear. Raises vault.CannotOpen."""
    return vault().open(sealed, "token", account.provider, account.uid)


def belongs_to_another(provider_id: str, uid: str, user: AbstractBaseUser) -> bool:
    """Whether somebody else linked this account: asked before allauth's own look-up, which overwrites."""
    others = SocialAccount.objects.filter(provider=provider_id, uid=uid).exclude(user_id=user.pk)
    return bool(others.exists())


def current_token(account: SocialAccount) -> SocialToken | None:
    """The one token row of an account; the newest should an older version have left two."""
    return SocialToken.objects.filter(account=account).order_by("-pk").first()
