"""What a person does with one of their own uploads: each a POST that answers with the row, or its page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gallery.uploads import services
from gallery.uploads.forms import ChangeForm
from gallery.uploads.models import Upload
from gallery.uploads.presenters import present_upload
from gallery.uploads.states import Status
from gallery.uploads.views.pages import live_of


def _act(request: HttpRequest, pk: int, verb: Callable[[Upload], bool]) -> HttpResponse:
    upload = get_object_or_404(Upload.objects.visible_to(request.user).select_related("account"), pk=pk)
    if not verb(upload):
        upload.refresh_from_db()
        if not request.htmx:  # type: ignore[attr-defined]
            text = _("%(file)s has changed in the meantime; nothing was done.")
            messages.warning(request, text % {"file": upload.filename})
    if upload.route == Upload.Route.BROWSER and upload.status == Status.QUEUED:
        return redirect("uploads:prepare", upload.pk)
    if request.htmx:  # type: ignore[attr-defined]
        context = {"row": present_upload(upload), **live_of(upload.owner_id)}
        return render(request, "uploads/_acted.html", context)
    return redirect("uploads:batch", upload.batch_id)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one's own file once more."""
    return _act(request, pk, services.retry_upload)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own file out of the line, skip it as known, or put a failed one away."""
    return _act(request, pk, services.cancel_upload)


@require_POST
def send_anyway(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one's own picture although it is already there."""
    return _act(request, pk, services.send_anyway)


@require_POST
def smaller(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a smaller copy of one's own picture."""
    return _act(request, pk, services.send_smaller)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another account, album, title or words for one's own file that did not arrive; then send it."""
    upload = get_object_or_404(
        Upload.objects.visible_to(request.user).select_related("account", "batch"),
        pk=pk,
        status=Status.FAILED,
    )
    if request.method == "POST":
        form = ChangeForm(request.user, request.POST)
        if form.is_valid():
            data = form.cleaned_data
            return _act(
                request,
                pk,
                lambda row: services.send_changed(row, data["account"], data["album"], form.wanted),
            )
    else:
        place = {"account": str(upload.account_id), "album": str(upload.batch.album_id)}
        form = ChangeForm(request.user, initial=_words_of(upload), chosen=place | request.GET.dict())
    status = 422 if form.errors else 200
    return render(
        request, "uploads/change.html", {"form": form, "row": present_upload(upload)}, status=status
    )


def _words_of(upload: Upload) -> dict[str, str]:
    return {"title": upload.title, "description": upload.description, "tags": " ".join(upload.tags)}
