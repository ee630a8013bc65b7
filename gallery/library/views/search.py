"""Search: the own library at once; each service that can search replies for itself, in its own time."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gallery.accounts import services as accounts
from gallery.accounts.models import LinkedAccount
from gallery.library.models import Photo
from gallery.library.photo_lists import PhotoList
from gallery.library.picture_urls import found_sources
from gallery.library.search.local import search_library
from gallery.library.search.remote import SearchQuery, SearchResults, can_search, search_service
from gallery.library.store.columns import tag_slug
from gallery.library.tiles import Tile, colour_class, ratio_class
from gallery.presentation.fragments import wants_fragment
from gallery.presentation.names import app_name
from gallery.remote.circuit_breaker import CircuitOpen
from gallery.remote.deadline import NoReply
from providers.contract import entities
from providers.contract.errors import ProviderError, Refused

_MOST_TAGS, _LONGEST = 8, 300


def _query_of(request: HttpRequest) -> SearchQuery:
    tags = (tag_slug(text[:_LONGEST]) for text in request.GET.getlist("tag")[:_MOST_TAGS])
    words = request.GET.get("q", "").replace("\0", "")[:_LONGEST].split()
    return SearchQuery(tags=tuple(dict.fromkeys(tag for tag in tags if tag)), words=tuple(words))


def _urlencoded(query: SearchQuery, **more: str | int | None) -> str:
    pairs: list[tuple[str, str | int]] = [("tag", tag) for tag in query.tags]
    if query.words:
        pairs.insert(0, ("q", " ".join(query.words)))
    return urlencode([*pairs, *((name, value) for name, value in more.items() if value)])


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Own photos that carry all the tags and hold all the words; below, a group for each service."""
    query = _query_of(request)
    linked = list(LinkedAccount.objects.visible_to(request.user))
    chosen = next((one for one in linked if str(one.pk) == request.GET.get("account")), None)
    photos = search_library(request.user, query, chosen)
    photo_rows, next_place = photos.page(request.GET.get("after", "")[:100]) if query else ([], "")
    where = chosen.pk if chosen else None
    url = (
        f"{reverse('library:search')}?{_urlencoded(query, account=where, after=next_place)}"
        if next_place
        else ""
    )
    grid = {"tiles": photos.tiles(photo_rows), "url": url, "label": _("More photos")}
    if "after" in request.GET and wants_fragment(request):
        return render(request, "library/_grid.html", grid)
    context = {
        "query": query,
        "words": " ".join(query.words),
        "chips": _chips(query),
        "where": _where(query, linked, chosen),
        "grid": grid,
        "groups": _groups(request, query, [chosen] if chosen else linked) if query else [],
    }
    return render(request, "library/search.html", context)


def _chips(query: SearchQuery) -> list[dict[str, str]]:
    """What is searched, each with the address of the search without it."""
    url = reverse("library:search")
    chips = []
    for word in query.words:
        rest = SearchQuery(tags=query.tags, words=tuple(one for one in query.words if one != word))
        chips.append({"kind": _("word"), "text": word, "url": f"{url}?{_urlencoded(rest)}"})
    for tag in query.tags:
        rest = SearchQuery(tags=tuple(one for one in query.tags if one != tag), words=query.words)
        chips.append({"kind": _("tag"), "text": tag, "url": f"{url}?{_urlencoded(rest)}"})
    return chips


def _where(
    query: SearchQuery, linked: list[LinkedAccount], chosen: LinkedAccount | None
) -> list[dict[str, Any]]:
    url = reverse("library:search")
    everywhere = {"label": _("Everywhere"), "url": f"{url}?{_urlencoded(query)}", "is_here": chosen is None}
    return [everywhere] + [
        {
            "label": account.label,
            "url": f"{url}?{_urlencoded(query, account=account.pk)}",
            "is_here": account == chosen,
            "family": account.kind,
        }
        for account in linked
    ]


def _groups(request: HttpRequest, query: SearchQuery, linked: list[LinkedAccount]) -> list[dict[str, Any]]:
    """A group for each service that can search; `ask` has one filled within the page, without script."""
    at_once = request.GET.get("ask")
    return [
        _filled(account, query) if str(account.pk) == at_once else _waiting(account, query)
        for account in linked
        if can_search(account) and not account.needs_person
    ]


@require_GET
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """One service's group, for htmx: within the deadline of SEARCH."""
    account = get_object_or_404(LinkedAccount.objects.visible_to(request.user), pk=pk)
    query = _query_of(request)
    if not query or not can_search(account):
        raise Http404
    return render(request, "library/_found.html", {"group": _filled(account, query)})


def _waiting(account: LinkedAccount, query: SearchQuery) -> dict[str, Any]:
    pairs = _urlencoded(query)
    return {
        "account": account,
        "service": app_name(account.provider_id),
        "is_waiting": True,
        "ask_url": f"{reverse('library:ask', args=[account.pk])}?{pairs}",
        "page_url": f"{reverse('library:search')}?{pairs}&ask={account.pk}",
    }


def _filled(account: LinkedAccount, query: SearchQuery) -> dict[str, Any]:
    group = _waiting(account, query) | {"is_waiting": False}
    try:
        found = search_service(account, query)
    except CircuitOpen:
        return group | {"has_failed": True}
    except NoReply:
        return group | {"is_slow": True}
    except Refused:  # of this query; it says nothing about the account
        return group | {"has_failed": True}
    except ProviderError as error:
        accounts.note_trouble(account, error)
        return group | {"has_failed": True}
    return group | {"tiles": _tiles(account, found)}


def _tiles(account: LinkedAccount, found: SearchResults) -> list[Tile]:
    """The account's own photos lead to their pages here, others' to theirs at the service."""
    own = PhotoList(Photo.objects.filter(owner_id=account.user_id, pk__in=found.own))
    return [*own.tiles(own.page()[0]), *(_other_tile(key, photo) for key, photo in found.others)]


def _other_tile(key: str, photo: entities.Photo) -> Tile:
    src, srcset = found_sources(key, photo.width)
    name = photo.title or photo.filename or _("Untitled")
    return Tile(
        url=photo.page_url if photo.page_url.startswith(("http://", "https://")) else "#",
        src=src,
        srcset=srcset,
        alt=_("%(title)s, by %(name)s") % {"title": name, "name": photo.owner_name}
        if photo.owner_name
        else name,
        name=name,
        ratio_class=ratio_class(photo.width, photo.height),
        colour_class=colour_class(*photo.colour) if photo.colour else "",
        width=photo.width or 150,
        height=photo.height or 100,
    )
