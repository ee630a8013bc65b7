"""Photos and albums that ask visitors of their pages for a password.

What a visitor opened is remembered in their session as a name, never as the password; a changed
password closes it again.
"""

import hashlib

from django.http import HttpRequest
from django.utils.translation import gettext as _

from providers.sapo.server.auth.guesses import TriedTooOften, is_right_guess, sealed_as
from providers.sapo.server.models import Album, Image

_SESSION_KEY = "sapo_opened"
_MAX_REMEMBERED = 100


def _session_mark(item: Image | Album) -> str:
    return hashlib.sha256(f"{sealed_as(item)} {item.sealed_password}".encode()).hexdigest()[:32]


def is_open(request: HttpRequest, item: Image | Album) -> bool:
    """Whether the visitor may see it: it has no password, or they gave it."""
    return not item.sealed_password or _session_mark(item) in request.session.get(_SESSION_KEY, [])


def try_password(request: HttpRequest, item: Image | Album) -> str:
    """Open it for this visitor with the password they posted. Returns the sentence that says why not."""
    visitor = f"address:{request.META.get('REMOTE_ADDR', '')}"
    try:
        is_right = is_right_guess(item, request.POST.get("password", ""), visitor)
    except TriedTooOften:
        return _("Too many tries. Wait ten minutes, then try again.")
    if not is_right:
        return _("That is not the password.")
    opened = [*request.session.get(_SESSION_KEY, []), _session_mark(item)]
    request.session[_SESSION_KEY] = opened[-_MAX_REMEMBERED:]
    return ""
