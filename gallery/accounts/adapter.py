"""How allauth behaves on this site: people sign in here; photo accounts only connect."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gallery.accounts.services import save_link
from gallery.accounts.sign_in import REFUSALS

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in of the site itself."""

    error_messages = {**DefaultAccountAdapter.error_messages, **REFUSALS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_IS_OPEN)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A service anybody can run proves nothing about who somebody is: no sign-in, no sign-up by it."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") != "connect" or not request.user.is_authenticated:
            messages.error(request, _("Sign in first, then link the account."))
            raise ImmediateHttpResponse(redirect("account_login"))
        # Not at allauth's signal, which comes before the new key is in its row: who is called by it
        # would still find the old one.
        if sociallogin.is_existing and sociallogin.user == request.user:
            save_link(sociallogin)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("accounts:list")

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Names only: an exception's text may hold the service's whole answer, tokens included."""
        log.warning("linking with %s failed: %s %s", provider, error, type(exception).__name__)
