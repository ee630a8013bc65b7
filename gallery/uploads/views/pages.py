"""Pages of uploads. Every one is for the signed-in person's own uploads alone."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gallery.accounts.models import LinkedAccount
from gallery.presentation.links import add_photos_url
from gallery.uploads.models import Upload, UploadBatch, UploadEvent
from gallery.uploads.presenters import BatchPresenter, present_batch, present_upload
from gallery.uploads.states import UNFINISHED, Status
from providers.pictures import MEDIA_TYPES, recognise

_BATCHES = 10
_SHOWN_OF_A_BATCH = 60  # of one batch in the list
_PAGE = 100  # of them on a batch's own page
_LONGEST_SLEEP = timedelta(days=30)  # of a browser's page that asks again
_OVERLAP = timedelta(seconds=1)  # rows are written a moment after the time that stands in them
SHOWN: dict[str, tuple[Any, Sequence[str]]] = {
    "all": (_("All"), list(Status)),
    "moving": (_("On the way"), sorted(UNFINISHED)),
    "asking": (_("Need you"), [Status.ASKING, Status.FAILED]),
    "stored": (pgettext_lazy("several files", "Stored"), [Status.STORED]),
}


@require_GET
@never_cache
def upload_list(request: HttpRequest) -> HttpResponse:
    """The person's batches, newest first; those on their way show their rows."""
    show = request.GET.get("show", "all")
    show = show if show in SHOWN else "all"
    batches = UploadBatch.objects.visible_to(request.user).order_by("-pk")
    if before := _number(request.GET.get("before", "")):
        batches = batches.filter(pk__lt=before)
    if show != "all":
        batches = batches.filter(uploads__status__in=SHOWN[show][1]).distinct()
    page = list(batches.select_related("account", "album")[: _BATCHES + 1])
    views = _views(page[:_BATCHES], SHOWN[show][1], _SHOWN_OF_A_BATCH)
    has_accounts = bool(views) or LinkedAccount.objects.visible_to(request.user).exists()
    context = {
        "batches": views,
        "show": show,
        "choices": [(name, label) for name, (label, _statuses) in SHOWN.items()],
        "more_before": page[_BATCHES - 1].pk if len(page) > _BATCHES else None,
        "has_accounts": has_accounts,
        **_live([view.batch.pk for view in views if view.moving]),
    }
    return render(request, "uploads/list.html", context)


@require_GET
@never_cache
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of one batch of the person's, page after page."""
    batches = UploadBatch.objects.visible_to(request.user).select_related("account", "album")
    batch = get_object_or_404(batches, pk=pk)
    [view] = _views([batch], list(Status), _PAGE, after=_number(request.GET.get("after", "")))
    last = view.uploads[-1].upload.pk if view.uploads else 0
    context = {
        "view": view,
        "add_url": add_photos_url(batch.account_id, batch.album_id),
        "more_after": last if batch.uploads.filter(pk__gt=last).exists() else None,
        **_live([pk] if view.moving else []),
    }
    return render(request, "uploads/batch.html", context)


@require_GET
@never_cache
def changes(request: HttpRequest) -> HttpResponse:
    """What changed since `since` in the batches `of`: rows and sums that put themselves into the page."""
    since = _moment(request.GET.get("since", ""))
    chosen = [_number(text) for text in request.GET.get("of", "").split(".")]
    batches = list(
        UploadBatch.objects.visible_to(request.user)
        .filter(pk__in=chosen[: 2 * _BATCHES])
        .select_related("account", "album")
    )
    uploads = _with_details(Upload.objects.filter(batch__in=batches, updated_at__gte=since - _OVERLAP))
    moved = set(
        UploadEvent.objects.filter(upload__batch__in=batches, at__gte=since - _OVERLAP).values_list(
            "upload__batch_id", flat=True
        )
    )
    views = _views(batches, [], 0)
    is_rows_only = request.GET.get("rows") == "only"  # the page on which files are chosen shows no sums
    context = {
        "rows": [present_upload(upload) for upload in uploads],
        "sums": [view for view in views if view.batch.pk in moved and not is_rows_only],
        "is_rows_only": is_rows_only,
        **_live([view.batch.pk for view in views if view.moving]),
    }
    return render(request, "uploads/_changes.html", context)


@require_GET
@never_cache
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """One row of the person's, as it stands."""
    upload = get_object_or_404(_with_details(Upload.objects.visible_to(request.user)), pk=pk)
    return render(request, "uploads/_row.html", {"row": present_upload(upload)})


@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The small picture of one upload of the person's; it never changes."""
    upload = get_object_or_404(Upload.objects.visible_to(request.user), pk=pk)
    content = bytes(upload.preview)
    kind = recognise(content[:16])
    response = HttpResponse(content, content_type=MEDIA_TYPES.get(kind, "application/octet-stream"))
    response["Cache-Control"] = "private, max-age=604800, immutable"
    return response


def _with_details(uploads: QuerySet[Upload]) -> QuerySet[Upload]:
    """With all that a row shows, and without the small pictures."""
    return uploads.select_related("account", "photo", "same_as").defer("preview").order_by("pk")


def _views(
    batches: Sequence[UploadBatch], statuses: Sequence[str], limit: int, *, after: int = 0
) -> list[BatchPresenter]:
    """Counted in one query; rows only of those that are on the way, of the newest, or all asked for."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    numbers = Upload.objects.filter(batch__in=batches).values_list("batch_id", "status")
    for batch_id, status, number in numbers.annotate(number=Count("pk")):
        counts[batch_id][status] = number
    views = []
    for place, batch in enumerate(batches):
        is_open = place == 0 or len(statuses) < len(Status) or any(counts[batch.pk][s] for s in UNFINISHED)
        uploads: Sequence[Upload] = []
        if is_open and statuses:
            uploads = list(_with_details(batch.uploads.filter(status__in=statuses, pk__gt=after))[:limit])
        views.append(present_batch(batch, uploads, counts[batch.pk]))
    return views


def live_of(owner_id: int) -> dict[str, object]:
    """What a page asks for after its person did something: all that is on its way."""
    moving = Upload.objects.filter(owner=owner_id, status__in=UNFINISHED).order_by("-batch")
    return _live(list(moving.values_list("batch", flat=True).distinct()[: 2 * _BATCHES]))


def _live(moving: Sequence[int]) -> dict[str, object]:
    """What the page asks again for, as long as something is on its way."""
    return {"live_of": ".".join(map(str, moving)), "live_since": timezone.now().isoformat()}


def _number(text: str) -> int:
    """A row's number in an address, 0 for what can be none."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _moment(text: str) -> datetime:
    now = timezone.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return now
    return min(max(moment, now - _LONGEST_SLEEP), now) if timezone.is_aware(moment) else now
