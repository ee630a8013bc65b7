"""Orange for allauth: OAuth 2.0 with PKCE, for connecting an account and for nothing else.

Several servers may be offered, each under its own `provider_id` (docs/flows/linking.md).
"""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from django.http import HttpRequest
from django.urls import reverse

from providers.linking import service_apps, vault
from providers.orange.adapter import SCOPES, OrangeAdapter
from providers.orange.revocation import revoke


class OrangeAccountCard(ProviderAccount):  # type: ignore[misc]
    def to_str(self) -> str:
        return str(self.account.extra_data.get("label") or self.account.uid)


class OrangeProvider(OAuth2Provider):  # type: ignore[misc]
    """One of the Orange servers that the site offers."""

    id = "orange"
    name = "Orange Photos"
    account_class = OrangeAccountCard
    oauth2_adapter_class = OrangeAdapter
    pkce_enabled_default = True

    def __init__(self, request: HttpRequest | None, app: Any = None) -> None:
        super().__init__(request, app=app)
        self.name = app.name

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("orange_login", kwargs={"provider_id": self.app.provider_id})

    def get_callback_url(self) -> str:
        return reverse("orange_callback", kwargs={"provider_id": self.app.provider_id})

    def get_oauth2_adapter(self, request: HttpRequest) -> OrangeAdapter:
        return OrangeAdapter(request, self.app.provider_id)

    def get_default_scope(self) -> list[str]:
        return list(SCOPES)

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Always connect; process, scope and further parameters are not taken from the address."""
        next_url = get_next_redirect_url(request)
        return {"process": "connect", **({"next_url": next_url} if next_url else {})}

    def extract_uid(self, data: dict[str, str]) -> str:
        return data["sub"]

    def extract_extra_data(self, data: dict[str, str]) -> dict[str, str]:
        """Without this everything would be stored in clear, the token included."""
        return {"label": data.get("preferred_username", "")[:200]}

    def renew(self, account: SocialAccount) -> bool:
        """Never: the person goes through the consent page again (orange.md 4)."""
        return False

    def revoke_token(self, provider_id: str, uid: str, sealed: str) -> None:
        """End a token at the service. Raises TemporaryError and vault.CannotOpen."""
        app = service_apps().get(provider_id)
        if app is not None:
            revoke(app, vault().open(sealed, "token", provider_id, uid))


provider_classes = [OrangeProvider]
