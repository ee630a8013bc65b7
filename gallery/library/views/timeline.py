"""Home: all of the person's own photos by month, and any month of it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from math import ceil, sqrt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gallery.library.banners import banners
from gallery.library.keyset import Place, read_place
from gallery.library.models import Month
from gallery.library.page_cache import Page, PageVersion, cached_page, cached_part
from gallery.library.photo_lists import PhotoList, PhotoRow, timeline
from gallery.ownership import Viewer
from gallery.presentation.dates import month_name, month_sign, month_title
from gallery.presentation.fragments import wants_fragment
from gallery.presentation.numbers import photos_text

_LEVELS = 8  # lengths of the scrubber's bars


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The newest photos of all accounts."""
    return _timeline_page(request, reverse("library:home"), "")


@require_GET
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The timeline from the end of a month on."""
    if not (1 <= month <= 12 and 1 <= year <= 9998):
        raise Http404
    after_it = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return _timeline_page(request, reverse("library:month", args=[year, month]), str(Place(after_it, 0)))


def _timeline_page(request: HttpRequest, url: str, start: str) -> HttpResponse:
    after = request.GET.get("after", "")[:100]
    if after and wants_fragment(request):
        return cached_part(
            request,
            *("timeline", url, after),
            make=lambda _: ("library/_months.html", _months_after(request.user, url, after)),
        )
    return cached_page(
        request,
        *("timeline", url, after),
        make=lambda page_version: _home(request.user, url, after or start, page_version),
    )


def _home(user: Viewer, url: str, after: str, page_version: PageVersion) -> Page:
    """The page with its months and scrubber; where there are no photos, what to do about it."""
    photos = timeline(user)
    photo_rows, next_place = photos.page(after)
    context: dict[str, Any] = {"accounts": page_version.accounts, "banners": banners(page_version.accounts)}
    if photo_rows:
        counts = _counts(user)
        context["months"] = list(_months(photos, photo_rows, counts))
        context["months"][0]["is_lead"] = True
        context["scrubber"] = _scrubber(counts, photo_rows[0].taken_at)
        context["url"] = _older_url(url, next_place)
    return "library/home.html", context


def _months_after(user: Viewer, url: str, after: str) -> dict[str, Any]:
    """The next part of the timeline; the month that the last part ended in goes on without a new head."""
    photos = timeline(user)
    photo_rows, next_place = photos.page(after)
    months = list(_months(photos, photo_rows, _counts(user)))
    if months:
        months[0]["is_continued"] = _is_same_month(after, photo_rows[0])
    return {"months": months, "is_later": True, "url": _older_url(url, next_place)}


def _older_url(url: str, next_place: str) -> str:
    return f"{url}?{urlencode({'after': next_place})}" if next_place else ""


def _counts(user: Viewer) -> dict[tuple[int, int], int]:
    months = Month.objects.visible_to(user).values_list("year", "month", "photo_count")
    return {(year, month): count for year, month, count in months}


def _is_same_month(after: str, first: PhotoRow) -> bool:
    """Whether the part before ended in the month that this one begins with."""
    place = read_place(after, datetime)
    ended = place.value if place else None
    return isinstance(ended, datetime) and (ended.year, ended.month) == (
        first.taken_at.year,
        first.taken_at.month,
    )


def _months(
    photos: PhotoList, photo_rows: Iterable[PhotoRow], counts: dict[tuple[int, int], int]
) -> Iterable[dict[str, Any]]:
    for (year, number), group in groupby(photo_rows, key=lambda row: (row.taken_at.year, row.taken_at.month)):
        yield {
            "key": f"{year}-{number:02}",
            "name": month_name(datetime(year, number, 1, tzinfo=UTC)),
            "year": year,
            "facts": photos_text(counts.get((year, number), 0)),
            "tiles": photos.tiles(list(group)),
        }


def _scrubber(counts: dict[tuple[int, int], int], here: datetime) -> dict[str, Any]:
    """Years, and the months of the open one, newest first; bars by the number of photos."""
    by_year: dict[int, list[tuple[int, int]]] = {}
    for (year, number), count in sorted(counts.items(), reverse=True):
        by_year.setdefault(year, []).append((number, count))
    most_of_a_year = max((sum(count for _, count in months) for months in by_year.values()), default=1)
    most_of_a_month = max((count for _, count in by_year.get(here.year, [])), default=1)
    years = []
    for year, months in by_year.items():
        total = sum(count for _, count in months)
        entry = {
            "name": year,
            "is_here": year == here.year,
            "months": [],
            **_jump(year, months[0][0], str(year), total, most_of_a_year),
        }
        if year == here.year:
            entry["months"] = [_scrubber_month(year, *one, most_of_a_month, here) for one in months]
        years.append(entry)
    return {"years": years, "here": month_title(here)}


def _scrubber_month(year: int, number: int, count: int, most: int, here: datetime) -> dict[str, Any]:
    first = datetime(year, number, 1, tzinfo=UTC)
    return {
        "name": month_sign(first),
        "is_here": number == here.month,
        **_jump(year, number, month_title(first), count, most),
    }


def _jump(year: int, month: int, when: str, count: int, most: int) -> dict[str, Any]:
    return {
        "url": reverse("library:month", args=[year, month]),
        "bar": f"d-{_level(count, most)}",
        "label": _("%(when)s, %(photos)s") % {"when": when, "photos": photos_text(count)},
    }


def _level(count: int, most: int) -> int:
    return ceil(_LEVELS * sqrt(count / most)) if most else 1
