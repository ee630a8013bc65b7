"""Searching everybody's public photos."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gallery.accounts.abilities import is_able
from gallery.accounts.models import LinkedAccount
from gallery.explore import queries
from gallery.explore.forms import SearchForm
from gallery.explore.lists import photo_list
from gallery.explore.parts import Part, show
from gallery.explore.request_data import page_of
from gallery.explore.searching import SearchQuery
from gallery.presentation.names import app_name
from providers.contract.base import PublicProfile, PublicSearch, TagSearch

_FIELDS = ("words", "tags", "person", "since", "until", "order", "adult")


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """The form, and a part for each account whose service can search, or for the one chosen."""
    linked = LinkedAccount.objects.visible_to(request.user)
    able = [account for account in linked if is_able(account, PublicSearch, TagSearch, PublicProfile)]
    was_asked = any(name in request.GET for name in _FIELDS)
    form = SearchForm(able, request.GET if was_asked else None)
    context: dict[str, Any] = {"form": form, "is_able": bool(able), "has_accounts": bool(linked)}
    if not was_asked or not form.is_valid():
        return show(request, "explore/search.html", context, [])
    query = form.query()
    chosen = form.cleaned_data.get("account")
    parts = [_part(request, one, query) for one in able if chosen in (None, one)]
    context["is_by_words"] = bool(query.words and not query.tags and (query.order or query.adult))
    return show(request, "explore/search.html", context, parts)


def _part(request: HttpRequest, account: LinkedAccount, query: SearchQuery) -> Part:
    """Its further pages are of this account alone."""
    page = page_of(request)
    parameters = {name: request.GET.get(name, "") for name in _FIELDS} | {"account": account.pk}
    words = {"service": app_name(account.provider_id), "account": account.label}
    return photo_list(
        account,
        queries.searched(query, page),
        reverse("explore:search"),
        parameters,
        page,
        name=f"a{account.pk}",
        heading=_("On %(service)s, as %(account)s") % words,
    )
