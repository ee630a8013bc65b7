"""What every page's frame shows: where the person is, who they are, and the theme they chose."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gallery.accounts.models import LinkedAccount

NEED_OWNER = (LinkedAccount.State.RECONNECT, LinkedAccount.State.CONSENT)
THEMES = ("light", "dark")
THEME_COOKIE = "pomar_theme"
THEME_COOKIE_AGE = 365 * 24 * 3600

# The first part of a library view's name, to the entry of the navigation it belongs to.
LIBRARY_SECTIONS = {
    "home": "photos",
    "photo": "photos",
    "album": "albums",
    "collection": "collections",
    "tag": "tags",
    "search": "search",
}


@dataclass
class Shell:
    """The state of the frame. Lazy: a page whose template shows no frame costs no query."""

    request: HttpRequest

    @cached_property
    def section(self) -> str:
        """Which entry of the navigation is current; "" for none."""
        match = self.request.resolver_match
        if match is None:
            return ""
        if match.app_name == "library":
            return LIBRARY_SECTIONS.get((match.url_name or "").partition("_")[0], "")
        return match.app_name if match.app_name in ("uploads", "accounts", "explore") else ""

    @cached_property
    def theme(self) -> str:
        """ "light" or "dark" where the person forced one, else ""."""
        chosen = self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def letter(self) -> str:
        return self.request.user.get_username()[:1].upper()

    @cached_property
    def accounts_needing_owner(self) -> int:
        """How many linked accounts wait for something only their owner can do. One query."""
        return LinkedAccount.objects.visible_to(self.request.user).filter(state__in=NEED_OWNER).count()


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` in every template."""
    return {"shell": Shell(request)}


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keeps the theme of this browser in a cookie. Public: the sign-in page has a theme as well."""
    came_from = request.headers.get("referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(came_from if is_ours else "/")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            chosen,
            max_age=THEME_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
