"""One photo: the picture, what its service tells about it, and the way to its neighbours."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gallery.library.cards import Card, album_cards
from gallery.library.keyset import Place
from gallery.library.models import Album, Photo, Tag
from gallery.library.photo_lists import Opened, opened_from, timeline
from gallery.library.picture_urls import picture_sources
from gallery.library.signals import photo_opened
from gallery.ownership import Viewer
from gallery.presentation.dates import day_text, month_title
from gallery.presentation.names import app_name, picture_kind
from gallery.presentation.numbers import number_text
from gallery.presentation.sizes import size_text

_NEAR = 6  # photos shown on each side in the film


class Fact(NamedTuple):
    name: str
    value: str


@require_GET
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo viewer, within the list that it was opened from (`in=album:5`, `in=tag:praia`)."""
    photos = Photo.objects.visible_to(request.user).select_related("account").defer("words")
    row = get_object_or_404(photos, pk=pk)
    photo_opened.send(Photo, photo=row)
    opened = opened_from(request.user, request.GET.get("in", "")[:300], pk) or _timeline_at(request.user, row)
    before, after = opened.photos.around(Place(row.taken_at, row.pk), _NEAR)
    context = {
        "photo": row,
        "title": str(row),
        "alt": row.title or row.filename or _("Photo"),
        "picture": picture_sources(row),
        "opened": opened,
        "before": opened.photos.tiles(before),
        "after": opened.photos.tiles(after),
        "here_url": opened.photos.address(row.pk),
        "previous_url": opened.photos.address(before[-1].pk) if before else "",
        "next_url": opened.photos.address(after[0].pk) if after else "",
        "service": app_name(row.account.provider_id),
        "facts": _facts(row),
        "raw_reply": _readable(row.raw),
        "albums": _albums(row),
        "opened_from": request.GET.get("in", "")[:300],
        "tags": _tags(row),
        "comments": [_comment(comment) for comment in row.comments],
    }
    return render(request, "library/photo.html", context)


def _timeline_at(user: Viewer, row: Photo) -> Opened:
    url = reverse("library:month", args=[row.taken_at.year, row.taken_at.month])
    return Opened(timeline(user), month_title(row.taken_at), url)


def _albums(row: Photo) -> list[tuple[Album, Card]]:
    albums = list(Album.objects.filter(places__photo=row).select_related("cover").order_by("pk"))
    return list(zip(albums, album_cards(albums), strict=True))


def _tags(row: Photo) -> list[dict[str, str]]:
    tags = Tag.objects.filter(rows__photo=row).order_by("name")
    return [
        {
            "name": tag.name,
            "url": reverse("library:tag", args=[tag.slug]),
            "count": number_text(tag.photo_count),
        }
        for tag in tags
    ]


def _facts(row: Photo) -> list[Fact]:
    """All that is known, each with its name; what the service did not tell is left out."""
    size = f"{row.width} × {row.height}" if row.width and row.height else ""
    weight = size_text(row.byte_size) if row.byte_size else ""
    facts = [
        Fact(_("File"), row.filename),
        Fact(_("Size"), ", ".join(part for part in (size, weight) if part)),
        Fact(_("Kind"), picture_kind(row.media_type)),
        Fact(_("Views"), "" if row.view_count is None else number_text(row.view_count)),
        Fact(_("Visible to"), _seen_by(row)),
        Fact(_("Rating"), row.rating),
        Fact(_("For adults"), _("Yes") if row.is_adult else ""),
        Fact(_("ID at the service"), row.remote_id),
        Fact(_("In Pomar since"), day_text(row.added_at)),
    ]
    return [fact for fact in facts if fact.value]


def _readable(raw: str) -> str:
    """The service's own answer, with a line for each of its parts where it is JSON."""
    try:
        return json.dumps(json.loads(raw), ensure_ascii=False, indent=1)
    except ValueError:
        return raw


def _seen_by(row: Photo) -> str:
    if not row.is_active:
        return _("Only you: it is hidden at the service")
    return _("Anyone who knows its password") if row.has_password else ""


def _comment(comment: dict[str, str | None]) -> dict[str, Any]:
    written_at = comment.get("written_at")
    return comment | {"when": day_text(datetime.fromisoformat(written_at)) if written_at else ""}
