"""The OAuth 2.0 exchange with one Orange server (docs/protocols/orange.md, Linking)."""

from typing import Any
from urllib.parse import urlsplit

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from allauth.utils import build_absolute_uri
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from providers.contract.errors import ProviderError
from providers.linking import belongs_to_another, seal_token, service_apps
from providers.orange.revocation import revoke
from providers.registry import ServiceApp

SCOPES = ("openid", "photos")


class OrangeAdapter(OAuth2Adapter):  # type: ignore[misc]
    """Knows the server's addresses, and seals its token before allauth sees it."""

    basic_auth = True

    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        self.provider_id = provider_id
        super().__init__(request)
        self._identity: dict[str, str] = {}
        self._raw_token = ""

    @property
    def service_app(self) -> ServiceApp:
        return service_apps()[self.provider_id]

    @property
    def authorize_url(self) -> str:
        """The browser's address; of our own server only the path, on whichever of our names it came by."""
        url = f"{self.service_app.web_url}/identity/o/authorize"
        return urlsplit(url).path if self.service_app.options.get("is_builtin") else url

    @property
    def access_token_url(self) -> str:
        """Our own address for it, never a thread of this process (decision 1)."""
        return f"{self.service_app.api_url}/identity/o/api/token"

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        path = reverse("orange_callback", kwargs={"provider_id": self.provider_id})
        return str(build_absolute_uri(request, path, self.redirect_uri_protocol))

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """The sealed token. Raises OAuth2Error when the answer lacks identity or a right."""
        self._raw_token = str(data["access_token"])
        self._identity = self._identify(data)
        if not set(SCOPES) <= set(str(data.get("scope", "")).split()):
            raise OAuth2Error("not all that was asked for was granted")
        sealed = seal_token(self.provider_id, self._identity["sub"], self._raw_token)
        token: SocialToken = super().parse_token({**data, "access_token": sealed, "refresh_token": ""})
        return token

    def _identify(self, data: dict[str, Any]) -> dict[str, str]:
        """The claims of the id_token. It came over our own connection, so its signature may go unchecked
        (OpenID Connect Core 3.1.3.7)."""
        try:
            claims = jwt.decode(
                data["id_token"],
                options={"verify_signature": False, "verify_aud": True, "verify_exp": True},
                audience=self.service_app.client_id,
            )
            if not claims["sub"] or len(claims["sub"]) > 190:
                raise KeyError
        except (KeyError, TypeError, jwt.PyJWTError):
            raise OAuth2Error("no usable identity in the answer") from None
        return {name: str(claims.get(name, "")) for name in ("sub", "preferred_username")}

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Stops a link that is somebody else's here, before allauth would overwrite their token."""
        assert request.user.is_authenticated  # the view saw to that
        if belongs_to_another(self.provider_id, self._identity["sub"], request.user):
            self._give_back()
            messages.error(request, _("Somebody else here has linked this account already."))
            raise ImmediateHttpResponse(redirect("accounts:list"))
        return self.get_provider().sociallogin_from_response(request, self._identity)

    def _give_back(self) -> None:
        try:
            revoke(self.service_app, self._raw_token)
        except ProviderError:
            return  # it ends by itself
