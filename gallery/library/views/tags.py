"""The words that the person's own photos carry."""

from math import log
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gallery.library.keyset import Order, Place, read_place
from gallery.library.models import Tag
from gallery.library.page_cache import Page, PageVersion, cached_page, cached_part
from gallery.library.photo_lists import tag_photos
from gallery.library.store.columns import tag_slug
from gallery.ownership import Viewer
from gallery.presentation.fragments import wants_fragment
from gallery.presentation.numbers import number_text, photos_text

_BY_COUNT = Order("photo_count")
_PAGE_SIZE = 200
_SIZES = 5


@require_GET
def tag_list(request: HttpRequest) -> HttpResponse:
    """The most used tags by name, in five sizes; or all by count."""
    is_by_count = request.GET.get("sort") == "count"
    after = request.GET.get("after", "")[:100]
    is_more = bool(after) and wants_fragment(request)

    def make(_page_version: PageVersion) -> Page:
        context = _tags(request.user, after, is_by_count=is_by_count)
        return ("library/_tags.html" if is_more else "library/tag_list.html"), context

    return (cached_part if is_more else cached_page)(request, "tags", is_by_count, after, make=make)


def _tags(user: Viewer, after: str, *, is_by_count: bool) -> dict[str, Any]:
    found = list(_BY_COUNT.after(Tag.objects.visible_to(user), read_place(after, int))[: _PAGE_SIZE + 1])
    shown, url = found[:_PAGE_SIZE], ""
    if len(found) > _PAGE_SIZE:
        query = {"sort": "count", "after": str(Place(shown[-1].photo_count, shown[-1].pk))}
        url = f"{reverse('library:tag_list')}?{urlencode(query)}"
    if not is_by_count:
        shown.sort(key=lambda tag: tag.slug)
    most = max((tag.photo_count for tag in shown), default=1)
    tags = [_shown(tag, most) for tag in shown]
    return {"tags": tags, "is_by_count": is_by_count, "url": url, "label": _("More tags")}


def _shown(tag: Tag, most: int) -> dict[str, Any]:
    size = 1 + round((_SIZES - 1) * log(tag.photo_count or 1) / log(most)) if most > 1 else 1
    return {
        "name": tag.name,
        "url": reverse("library:tag", args=[tag.slug]),
        "count": number_text(tag.photo_count),
        "size": size,
    }


@require_GET
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """All photos that carry a tag, newest first."""
    after = request.GET.get("after", "")[:100]
    is_more = bool(after) and wants_fragment(request)

    def make(_page_version: PageVersion) -> Page:
        row = get_object_or_404(Tag.objects.visible_to(request.user), slug=tag_slug(slug))
        context = _grid(row, after)
        if is_more:
            return "library/_grid.html", context
        return "library/tag.html", context | {"tag": row, "count": photos_text(row.photo_count)}

    return (cached_part if is_more else cached_page)(request, "tag", slug, after, make=make)


def _grid(tag: Tag, after: str) -> dict[str, Any]:
    photos = tag_photos(tag)
    photo_rows, next_place = photos.page(after)
    query = urlencode({"after": next_place})
    url = f"{reverse('library:tag', args=[tag.slug])}?{query}" if next_place else ""
    return {"tiles": photos.tiles(photo_rows), "url": url, "label": _("More photos"), "is_first": not after}
