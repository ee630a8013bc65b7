"""The page on which files are sent to us. For the signed-in person's own accounts alone."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gallery.accounts.models import LinkedAccount
from gallery.presentation.names import service_name
from gallery.uploads.forms import WhereForm
from gallery.uploads.models import Upload
from gallery.uploads.presenters import present_upload
from gallery.uploads.receiving.accept import FileRefused, accept
from gallery.uploads.receiving.handler import Incoming, IncomingHandler, expect_whole, taken_in
from gallery.uploads.receiving.refusals import refusal

logger = logging.getLogger(__name__)

# Set by static/js/upload.mjs, which sends one file at a time and wants its row alone.
ONE_FILE = "X-One-File"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFile:
    """A file that was not taken, and why."""

    filename: str
    say: str


@csrf_exempt  # checked by `_new_upload`: the handler must be in place before anything reads the form
@never_cache
@require_http_methods(["GET", "POST"])
def new_upload(request: HttpRequest) -> HttpResponse:
    """Choose files, say where they go, send them. Files that are no pictures do not hold up the others."""
    handler = IncomingHandler(request)
    request.upload_handlers = [handler]
    request.dropped = handler.dropped  # type: ignore[attr-defined]
    expect_whole(request)
    try:
        return _new_upload(request)
    except TooManyFilesSent:
        limit = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        form = WhereForm(request.user)
        too_many = _("You chose more than %(n)s files. Nothing was sent. Send them in several parts.") % {
            "n": limit
        }
        return _page(request, form, problem=too_many, status=413)
    except UnreadablePostError:
        broke = _("The connection broke before the files arrived. Nothing was sent. Choose them again.")
        return _page(request, WhereForm(request.user), problem=broke, status=400)
    finally:
        handler.discard_rest()


@csrf_protect
@sensitive_post_parameters("album_password")
def _new_upload(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request, WhereForm(request.user, chosen=request.GET.dict()))
    form = WhereForm(request.user, request.POST)
    files = taken_in(request.FILES)
    if not form.is_valid():
        return _not_understood(request, form, had_files=bool(files))
    accepted, refused = _accept_all(request, form, files)
    if request.headers.get(ONE_FILE):
        return _one_row(request, accepted, refused)
    if accepted and not refused:
        return redirect("uploads:batch", accepted[0].batch_id)
    problem = "" if accepted or refused else _("Choose at least one file.")
    return _page(request, form, accepted=accepted, refused=refused, problem=problem, status=422)


def _accept_all(
    request: HttpRequest, form: WhereForm, files: Sequence[Incoming]
) -> tuple[list[Upload], list[RefusedFile]]:
    account: LinkedAccount = form.cleaned_data["account"]
    service = service_name(account.kind)
    accepted, refused = [], []
    for name, reason in request.dropped:  # type: ignore[attr-defined]
        refused.append(RefusedFile(filename=name, say=refusal(reason, name, service)))
    for file in files:
        try:
            accepted.append(accept(form.batch(), file, form.wanted))
        except (FileRefused, OSError, DatabaseError) as error:
            name = file.name or ""
            reason = error.reason if isinstance(error, FileRefused) else "not_kept"
            if reason == "not_kept":
                logger.exception("a file that came in could not be kept")
            refused.append(RefusedFile(filename=name, say=refusal(reason, name, service)))
    return accepted, refused


def _not_understood(request: HttpRequest, form: WhereForm, *, had_files: bool) -> HttpResponse:
    if request.headers.get(ONE_FILE):
        return render(request, "uploads/_where.html", {"form": form}, status=422)
    problem = _("Nothing was sent yet. Correct this and choose the files again.") if had_files else ""
    return _page(request, form, problem=problem, status=422)


def _one_row(
    request: HttpRequest, accepted: Sequence[Upload], refused: Sequence[RefusedFile]
) -> HttpResponse:
    if accepted:
        answer = render(request, "uploads/_row.html", {"row": present_upload(accepted[0])}, status=201)
        answer["X-Batch"] = str(accepted[0].batch_id)
        answer["X-Since"] = accepted[0].created_at.isoformat()
        return answer
    file = refused[0] if refused else RefusedFile(filename="", say=_("Choose at least one file."))
    return render(request, "uploads/_refused.html", {"file": file}, status=422)


def _chosen_in(form: WhereForm) -> str:
    """As a query, for a link to the other form."""
    values = ((name, form[name].value()) for name in ("account", "album"))
    return urlencode({name: value for name, value in values if value})


def _page(
    request: HttpRequest,
    form: WhereForm,
    *,
    accepted: Sequence[Upload] = (),
    refused: Sequence[RefusedFile] = (),
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "accepted": [present_upload(upload) for upload in accepted],
        "refused": refused,
        "problem": problem,
        "max_bytes": settings.UPLOAD_MAX_FILE_BYTES,
        "has_accounts": LinkedAccount.objects.visible_to(request.user).exists(),
        "straight_url": f"{reverse('uploads:straight')}?{_chosen_in(form)}",
    }
    return render(request, "uploads/new.html", context, status=status)
