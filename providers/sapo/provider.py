"""SAPO Fotos for allauth: an account that can only be connected, by a form of ours (views.py)."""

from contextlib import suppress
from typing import Any

from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import Provider, ProviderAccount
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from providers.contract.entities import Key
from providers.contract.errors import ProtocolError, ReconnectNeeded, Refused
from providers.linking import service_apps, vault
from providers.sapo.renewal import renew_token
from providers.sapo.sts import TokenService


class SapoAccount(ProviderAccount):  # type: ignore[misc]
    def to_str(self) -> str:
        return str(self.account.extra_data.get("label") or self.account.uid)


class SapoProvider(Provider):  # type: ignore[misc]
    """One of the SAPO servers that the site offers; `app.provider_id` says which."""

    id = "sapo"
    name = "SAPO Fotos"
    account_class = SapoAccount

    def __init__(self, request: HttpRequest | None, app: Any = None) -> None:
        super().__init__(request, app=app)
        self.name = app.name

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("sapo_login", kwargs={"provider_id": self.app.provider_id})

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        return HttpResponseRedirect(self.get_login_url(request))

    def extract_uid(self, data: Key) -> str:
        return data.remote_id

    def extract_extra_data(self, data: Key) -> dict[str, str]:
        """Without this everything would be stored in clear, the token included."""
        return {"label": data.label}

    def renew(self, account: SocialAccount) -> bool:
        """A new token, if its owner stays connected."""
        return renew_token(account)

    def revoke_token(self, provider_id: str, uid: str, sealed: str) -> None:
        """End a token at the service, where that can be done. Raises TemporaryError and CannotOpen."""
        app = service_apps().get(provider_id)
        if app is None:
            return
        token = vault().open(sealed, "token", provider_id, uid)
        # It no longer worked, or the service knows no revocation: then it ends by itself.
        with suppress(ReconnectNeeded, Refused, ProtocolError):
            TokenService(app).revoke_token(token)


provider_classes = [SapoProvider]
