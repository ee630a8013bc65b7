"""The person's own albums, and one of them."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gallery.accounts.models import LinkedAccount
from gallery.library.banners import banners
from gallery.library.cards import album_cards
from gallery.library.keyset import Order, Place, read_place
from gallery.library.models import Album, Photo
from gallery.library.page_cache import Page, PageVersion, cached_page, cached_part
from gallery.library.photo_lists import PAGE_SIZE, album_photos
from gallery.library.picture_urls import picture_sources
from gallery.library.services import choose_cover
from gallery.ownership import Viewer
from gallery.presentation.dates import span_text
from gallery.presentation.fragments import wants_fragment
from gallery.presentation.links import add_photos_url
from gallery.presentation.names import app_name
from gallery.presentation.numbers import photos_text

_UNSHOWN_COVER = ("cover__raw", "cover__words", "cover__description", "cover__comments")
_UNSHOWN = ("raw", "description", *_UNSHOWN_COVER)
_ORDERS: dict[str, tuple[Order, type[str] | type[datetime]]] = {
    "newest": (Order("newest_at"), datetime),
    "title": (Order("sort_title", is_descending=False), str),
}


@require_GET
def album_list(request: HttpRequest) -> HttpResponse:
    """All albums as cards, by date or title, of all accounts or one."""
    sort = request.GET.get("sort", "")
    sort = sort if sort in _ORDERS else "newest"
    account, after = request.GET.get("account", "")[:20], request.GET.get("after", "")[:1000]
    is_more = bool(after) and wants_fragment(request)

    def make(page_version: PageVersion) -> Page:
        chosen = next((one for one in page_version.accounts if str(one.pk) == account), None)
        context = _cards(request.user, sort, chosen, after)
        if is_more:
            return "library/_cards.html", context
        context |= {"sort": sort, "chosen": chosen, "accounts": page_version.accounts}
        context["add_url"] = add_photos_url(chosen.pk if chosen else None)
        return "library/album_list.html", context | {"banners": banners(page_version.accounts)}

    cached = cached_part if is_more else cached_page
    return cached(request, *("albums", sort, account, after), make=make)


def _cards(user: Viewer, sort: str, account: LinkedAccount | None, after: str) -> dict[str, Any]:
    order, kind = _ORDERS[sort]
    albums = Album.objects.visible_to(user)
    if account is not None:
        albums = albums.filter(account=account)
    ordered = order.after(albums, read_place(after, kind)).select_related("cover").defer(*_UNSHOWN)
    found = list(ordered[: PAGE_SIZE + 1])
    url = ""
    if len(found) > PAGE_SIZE:
        last = found[PAGE_SIZE - 1]
        query = {"sort": sort, "after": str(Place(getattr(last, order.field), last.pk))}
        if account is not None:
            query["account"] = str(account.pk)
        url = f"{reverse('library:album_list')}?{urlencode(query)}"
    return {"cards": album_cards(found[:PAGE_SIZE]), "url": url, "label": _("More albums")}


@require_GET
def album(request: HttpRequest, pk: int) -> HttpResponse:
    """One album: its first picture large, then its photos."""
    is_newest_first = request.GET.get("sort") != "oldest"
    after = request.GET.get("after", "")[:100]
    is_more = bool(after) and wants_fragment(request)

    def make(_page_version: PageVersion) -> Page:
        albums = Album.objects.visible_to(request.user).select_related("account", "cover")
        row = get_object_or_404(albums.defer("raw", *_UNSHOWN_COVER), pk=pk)
        context = _grid(row, after, is_newest_first=is_newest_first)
        if is_more:
            return "library/_grid.html", context
        context |= {"album": row, "is_newest_first": is_newest_first}
        return "library/album.html", context | _hero(row)

    cached = cached_part if is_more else cached_page
    return cached(request, *("album", pk, is_newest_first, after), make=make)


def _grid(album: Album, after: str, *, is_newest_first: bool) -> dict[str, Any]:
    photos = album_photos(album, is_newest_first=is_newest_first)
    photo_rows, next_place = photos.page(after)
    query = {"after": next_place} if is_newest_first else {"sort": "oldest", "after": next_place}
    url = f"{reverse('library:album', args=[album.pk])}?{urlencode(query)}" if next_place else ""
    return {"tiles": photos.tiles(photo_rows), "url": url, "label": _("More photos"), "is_first": not after}


def _hero(album: Album) -> dict[str, Any]:
    return {
        "cover": picture_sources(album.cover) if album.cover else None,
        "colour_class": album.cover.colour_class if album.cover else "",
        "collections": list(album.collections.order_by("pk").only("title")[:3]),
        "add_url": add_photos_url(album.account_id, album.pk),
        "service": app_name(album.account.provider_id),
        "count": photos_text(album.photo_count),
        "span": span_text(album.first_taken_at, album.newest_at) if album.photo_count else "",
    }


@require_POST
def cover(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """Let a photo of one's own album be its cover; with `newest`, whichever is the newest.

    `in` is the list that the photo was opened from.
    """
    row = get_object_or_404(Album.objects.visible_to(request.user), pk=pk)
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=photo_pk, places__album=row)
    words = {"photo": str(photo), "album": str(row)}
    if "newest" in request.POST:
        choose_cover(row, None)
        messages.success(request, _("The newest photo is the cover of %(album)s.") % words)
    else:
        choose_cover(row, photo)
        messages.success(request, _("%(photo)s is the cover of %(album)s here.") % words)
    where = request.POST.get("in", "")[:300]
    query = f"?{urlencode({'in': where})}" if where else ""
    return redirect(reverse("library:photo", args=[photo.pk]) + query)
