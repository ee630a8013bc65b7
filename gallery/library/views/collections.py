"""The person's own collections, and the albums of one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gallery.library.banners import banners
from gallery.library.cards import album_cards, collection_cards
from gallery.library.keyset import Order, Place, read_place
from gallery.library.models import Collection, CollectionAlbum
from gallery.library.page_cache import Page, PageVersion, cached_page, cached_part
from gallery.library.photo_lists import PAGE_SIZE
from gallery.ownership import Viewer
from gallery.presentation.fragments import wants_fragment
from gallery.presentation.names import app_name

_BY_TITLE = Order("sort_title", is_descending=False)
_BY_POSITION = Order("position", is_descending=False)


@require_GET
def collection_list(request: HttpRequest) -> HttpResponse:
    """All collections by title."""
    after = request.GET.get("after", "")[:1000]
    is_more = bool(after) and wants_fragment(request)

    def make(page_version: PageVersion) -> Page:
        context = _cards(request.user, after)
        if is_more:
            return "library/_cards.html", context
        return "library/collection_list.html", context | {"banners": banners(page_version.accounts)}

    return (cached_part if is_more else cached_page)(request, "collections", after, make=make)


def _cards(user: Viewer, after: str) -> dict[str, Any]:
    ordered = _BY_TITLE.after(Collection.objects.visible_to(user), read_place(after, str)).defer("raw")
    found = list(ordered[: PAGE_SIZE + 1])
    url = ""
    if len(found) > PAGE_SIZE:
        last = found[PAGE_SIZE - 1]
        query = urlencode({"after": str(Place(last.sort_title, last.pk))})
        url = f"{reverse('library:collection_list')}?{query}"
    return {"cards": collection_cards(found[:PAGE_SIZE]), "url": url, "label": _("More collections")}


@require_GET
def collection(request: HttpRequest, pk: int) -> HttpResponse:
    """The albums of one collection, in the order that its service gives them."""
    after = request.GET.get("after", "")[:100]
    is_more = bool(after) and wants_fragment(request)

    def make(_page_version: PageVersion) -> Page:
        collections = Collection.objects.visible_to(request.user).select_related("account").defer("raw")
        row = get_object_or_404(collections, pk=pk)
        context = _album_cards(row, after)
        if is_more:
            return "library/_cards.html", context
        return "library/collection.html", context | {
            "collection": row,
            "service": app_name(row.account.provider_id),
        }

    return (cached_part if is_more else cached_page)(request, "collection", pk, after, make=make)


def _album_cards(collection: Collection, after: str) -> dict[str, Any]:
    places = CollectionAlbum.objects.filter(collection=collection).select_related("album__cover")
    found = list(_BY_POSITION.after(places, read_place(after, int))[: PAGE_SIZE + 1])
    url = ""
    if len(found) > PAGE_SIZE:
        last = found[PAGE_SIZE - 1]
        query = urlencode({"after": str(Place(last.position, last.pk))})
        url = f"{reverse('library:collection', args=[collection.pk])}?{query}"
    cards = album_cards(place.album for place in found[:PAGE_SIZE])
    return {"cards": cards, "url": url, "label": _("More albums")}
