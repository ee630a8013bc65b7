"""OpenID Connect: the id of a person for services, and the texts of the consent page."""

from collections.abc import Iterable
from typing import Any, Literal

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from providers.orange.server.accounts import open_account
from providers.orange.server.models import OrangeAccount


class OrangeIdentityAdapter(DefaultOIDCAdapter):  # type: ignore[misc]
    """`sub` is opaque and stored: row numbers are alike on every server (orange.md 4)."""

    scope_display = {
        "openid": _("Know which Orange account is yours"),
        "photos": _("See your albums and photos, make albums and add photos"),
    }

    def get_user_sub(self, client: Client, user: AbstractBaseUser) -> str:
        return open_account(user).sub

    def get_user_by_sub(self, client: Client, sub: str) -> AbstractBaseUser | None:
        found = OrangeAccount.objects.select_related("user").filter(sub=sub, user__is_active=True).first()
        return found.user if found else None

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: AbstractBaseUser,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Adds what the account is called, so that a service can name it to its owner."""
        claims: dict[str, Any] = super().get_claims(purpose, user, client, scopes, email=email, **kwargs)
        if "photos" in scopes:
            claims.setdefault("preferred_username", open_account(user).label)
        return claims
