"""A file straight from the person's browser to the service: a ticket first, then a plain form."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from gallery.accounts.services import open_unasked
from gallery.uploads.delivery.tickets import callback_url, open_ticket
from gallery.uploads.forms import StraightForm
from gallery.uploads.models import Upload
from gallery.uploads.presenters import present_upload
from gallery.uploads.services import start_browser_upload
from gallery.uploads.states import Status
from providers.contract.base import UploadCallback
from providers.contract.entities import UploadForm
from providers.contract.errors import ProviderError


@sensitive_post_parameters("album_password")
@require_http_methods(["GET", "POST"])
def straight(request: HttpRequest) -> HttpResponse:
    """Say where the file goes, for an account of one's own; a worker then gets the ticket."""
    form = StraightForm(request.user, request.POST or None, chosen=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        upload = start_browser_upload(form.batch(), form.wanted)
        return redirect("uploads:prepare", upload.pk)
    status = 422 if form.errors else 200
    is_able = form.accounts_of(request.user).exists()
    return render(request, "uploads/straight.html", {"form": form, "is_able": is_able}, status=status)


@require_GET
@never_cache
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Waits for the ticket of one's own upload, shows the form that uses it, then how it ended."""
    uploads = Upload.objects.visible_to(request.user).filter(route=Upload.Route.BROWSER)
    upload = get_object_or_404(uploads.select_related("account", "photo"), pk=pk)
    form = _form_of(upload) if upload.status == Status.AWAITING_CALLBACK else None
    is_waiting = upload.status in (Status.QUEUED, Status.SENDING, Status.CONFIRMING)
    context = {"row": present_upload(upload), "upload": upload, "form": form, "is_waiting": is_waiting}
    response = render(request, "uploads/prepare.html", context)
    if form is not None:
        _let_form_go_to(response, form.action)
    return response


def _form_of(upload: Upload) -> UploadForm | None:
    """Made of the ticket alone: the service is not asked."""
    ticket = open_ticket(upload)
    try:
        service = open_unasked(upload.account)
    except ProviderError:
        return None
    if ticket is None or not isinstance(service, UploadCallback):
        return None
    return service.browser_form(ticket, callback_url(upload.callback_key))


def _let_form_go_to(response: HttpResponse, action: str) -> None:
    """The upload host, and our callback's to which it redirects: Chromium checks both."""
    origins = [f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, (action, settings.SITE_URL))]
    # What django-csp's csp_update decorator sets, which knows no request.
    response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]
