"""What a request says, made harmless: any text may stand in an address."""

import unicodedata

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from gallery.accounts.abilities import is_able
from gallery.accounts.models import LinkedAccount

_LONGEST = 300
_LAST_PAGE = 100_000


def plain(text: str, longest: int = _LONGEST) -> str:
    """Without the characters that neither XML nor a database carries."""
    harmless = (" " if unicodedata.category(letter) in ("Cc", "Cs", "Cn") else letter for letter in text)
    return " ".join("".join(harmless).split())[:longest]


def page_of(request: HttpRequest) -> int:
    """The page asked for, counted from 1; 1 where it is no such number."""
    text = request.GET.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(number, 1), _LAST_PAGE)


def account_of(request: HttpRequest, pk: int, *interfaces: type) -> LinkedAccount:
    """One's own account, whose service has one of the interfaces. Raises Http404."""
    account = get_object_or_404(LinkedAccount.objects.visible_to(request.user), pk=pk)
    if not is_able(account, *interfaces):
        raise Http404
    return account


def named(text: str) -> str:
    """A name from an address. Raises Http404 where nothing is left of it."""
    if not (name := plain(text)):
        raise Http404
    return name
