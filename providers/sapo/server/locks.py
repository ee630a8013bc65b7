"""Photos and albums that ask visitors of their pages for a password.

What a visitor opened is remembered in their session as a name, never as the password; a changed
password closes it again.
"""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from providers.sapo.server.keys import is_right
from providers.sapo.server.models import Album, Image

_SESSION_KEY = "sapo_opened"
_MOST_REMEMBERED = 100
_MOST_TRIES = 20
_TRIES_SECONDS = 600


def _named(thing: Image | Album) -> tuple[str, str]:
    """(kind, name) under which its password is sealed."""
    if isinstance(thing, Image):
        return "image", thing.uid
    return "album", f"{thing.owner_id}/{thing.number}"


def _remembered_as(thing: Image | Album) -> str:
    return hashlib.sha256(f"{_named(thing)} {thing.sealed_password}".encode()).hexdigest()[:32]


def is_open(request: HttpRequest, thing: Image | Album) -> bool:
    """Whether the visitor may see it: it has no password, or they gave it."""
    return not thing.sealed_password or _remembered_as(thing) in request.session.get(_SESSION_KEY, [])


def try_password(request: HttpRequest, thing: Image | Album) -> str:
    """Open it for this visitor with the password they posted. Returns the sentence that says why not."""
    kind, name = _named(thing)
    tries = f"sapo-lock:{kind}:{name}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(tries, 0, _TRIES_SECONDS)
    if cache.incr(tries) > _MOST_TRIES:
        return _("That was tried too often. It opens again in ten minutes.")
    if not is_right(request.POST.get("password", ""), thing.sealed_password, kind, name):
        return _("That is not the password.")
    opened = [*request.session.get(_SESSION_KEY, []), _remembered_as(thing)]
    request.session[_SESSION_KEY] = opened[-_MOST_REMEMBERED:]
    return ""
