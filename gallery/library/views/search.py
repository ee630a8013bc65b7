"""Search: the own library at once; each service that can search answers for itself, in its own time."""

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
from gallery.library.patience import TooSlow
from gallery.library.photo_lists import PhotoList
from gallery.library.picture_urls import found_sources
from gallery.library.search.local import search_library
from gallery.library.search.remote import Asked, Found, ask_service, can_search
from gallery.library.store.columns import tag_slug
from gallery.library.tiles import Tile, colour_class, ratio_class
from gallery.presentation.fragments import wants_fragment
from gallery.presentation.names import app_name
from providers.contract import entities
from providers.contract.errors import ProviderError, Refused

_MOST_TAGS, _LONGEST = 8, 300


def _asked(request: HttpRequest) -> Asked:
    tags = (tag_slug(text[:_LONGEST]) for text in request.GET.getlist("tag")[:_MOST_TAGS])
    words = request.GET.get("q", "").replace("\0", "")[:_LONGEST].split()
    return Asked(tags=tuple(dict.fromkeys(tag for tag in tags if tag)), words=tuple(words))


def _query(asked: Asked, **more: str | int | None) -> str:
    pairs: list[tuple[str, str | int]] = [("tag", tag) for tag in asked.tags]
    if asked.words:
        pairs.insert(0, ("q", " ".join(asked.words)))
    return urlencode([*pairs, *((name, value) for name, value in more.items() if value)])


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Own photos that carry all the tags and hold all the words; below, a group for each service."""
    asked = _asked(request)
    linked = list(LinkedAccount.objects.visible_to(request.user))
    chosen = next((one for one in linked if str(one.pk) == request.GET.get("account")), None)
    photos = search_library(request.user, asked, chosen)
    photo_rows, next_place = photos.page(request.GET.get("after", "")[:100]) if asked else ([], "")
    where = chosen.pk if chosen else None
    url = (
        f"{reverse('library:search')}?{_query(asked, account=where, after=next_place)}" if next_place else ""
    )
    grid = {"tiles": photos.tiles(photo_rows), "url": url, "label": _("More photos")}
    if "after" in request.GET and wants_fragment(request):
        return render(request, "library/_grid.html", grid)
    context = {
        "asked": asked,
        "words": " ".join(asked.words),
        "chips": _chips(asked),
        "where": _where(asked, linked, chosen),
        "grid": grid,
        "groups": _groups(request, asked, [chosen] if chosen else linked) if asked else [],
    }
    return render(request, "library/search.html", context)


def _chips(asked: Asked) -> list[dict[str, str]]:
    """What was asked, each with the address of the search without it."""
    url = reverse("library:search")
    chips = []
    for word in asked.words:
        rest = Asked(tags=asked.tags, words=tuple(one for one in asked.words if one != word))
        chips.append({"kind": _("word"), "text": word, "url": f"{url}?{_query(rest)}"})
    for tag in asked.tags:
        rest = Asked(tags=tuple(one for one in asked.tags if one != tag), words=asked.words)
        chips.append({"kind": _("tag"), "text": tag, "url": f"{url}?{_query(rest)}"})
    return chips


def _where(asked: Asked, linked: list[LinkedAccount], chosen: LinkedAccount | None) -> list[dict[str, Any]]:
    url = reverse("library:search")
    everywhere = {"label": _("Everywhere"), "url": f"{url}?{_query(asked)}", "is_here": chosen is None}
    return [everywhere] + [
        {
            "label": account.label,
            "url": f"{url}?{_query(asked, account=account.pk)}",
            "is_here": account == chosen,
            "family": account.kind,
        }
        for account in linked
    ]


def _groups(request: HttpRequest, asked: Asked, linked: list[LinkedAccount]) -> list[dict[str, Any]]:
    """A group for each service that can search; `ask` has one answered within the page, without script."""
    at_once = request.GET.get("ask")
    return [
        _answered(account, asked) if str(account.pk) == at_once else _waiting(account, asked)
        for account in linked
        if can_search(account) and not account.needs_person
    ]


@require_GET
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """One service's group, for htmx: three seconds at most."""
    account = get_object_or_404(LinkedAccount.objects.visible_to(request.user), pk=pk)
    asked = _asked(request)
    if not asked or not can_search(account):
        raise Http404
    return render(request, "library/_found.html", {"group": _answered(account, asked)})


def _waiting(account: LinkedAccount, asked: Asked) -> dict[str, Any]:
    query = _query(asked)
    return {
        "account": account,
        "service": app_name(account.provider_id),
        "is_waiting": True,
        "ask_url": f"{reverse('library:ask', args=[account.pk])}?{query}",
        "page_url": f"{reverse('library:search')}?{query}&ask={account.pk}",
    }


def _answered(account: LinkedAccount, asked: Asked) -> dict[str, Any]:
    group = _waiting(account, asked) | {"is_waiting": False}
    try:
        found = ask_service(account, asked)
    except TooSlow:
        return group | {"is_slow": True}
    except Refused:  # of this question; it says nothing about the account
        return group | {"has_failed": True}
    except ProviderError as error:
        accounts.note_trouble(account, error)
        return group | {"has_failed": True}
    return group | {"tiles": _tiles(account, found)}


def _tiles(account: LinkedAccount, found: Found) -> list[Tile]:
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
