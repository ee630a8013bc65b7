"""Changing a photo: for its owner alone. Nothing here waits for a service."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from gallery.accounts.abilities import is_able
from gallery.changes import services
from gallery.changes.change_status import newest_change
from gallery.changes.comments import read_comments
from gallery.changes.forms import EditForm, PlacesForm
from gallery.changes.trouble import trouble_of
from gallery.library.models import Album, Photo
from gallery.presentation.fragments import wants_fragment
from gallery.presentation.names import app_name
from providers.contract.base import AlbumMembership, PhotoEditing

MAX_ALBUMS_SHOWN = 500


def _own_photo(request: HttpRequest, pk: int) -> Photo:
    photo: Photo = get_object_or_404(Photo.objects.visible_to(request.user).select_related("account"), pk=pk)
    return photo


def _about(photo: Photo) -> dict[str, Any]:
    return {"photo": photo, "service": app_name(photo.account.provider_id)}


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    photo = _own_photo(request, pk)
    if not is_able(photo.account, PhotoEditing):
        return _cannot(request, photo)
    form = EditForm(photo, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if changes := form.changes():
            services.edit(photo, changes)
        return redirect("library:photo", photo.pk)
    return render(request, "changes/edit.html", _about(photo) | {"form": form})


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Says first what will be gone."""
    photo = _own_photo(request, pk)
    if not is_able(photo.account, PhotoEditing):
        return _cannot(request, photo)
    if request.method == "GET":
        return render(request, "changes/delete.html", _about(photo))
    services.delete(photo)
    words = {"photo": str(photo), "account": photo.account.label}
    messages.info(request, _("%(photo)s is being deleted from %(account)s.") % words)
    return redirect("library:home")


@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """In which albums it lies. What is shown and not touched stays as it is there."""
    photo = _own_photo(request, pk)
    if not is_able(photo.account, AlbumMembership):
        return _cannot(request, photo)
    albums = Album.objects.filter(account=photo.account, is_inbox=False).order_by("sort_title", "pk")
    shown = list(albums[:MAX_ALBUMS_SHOWN])
    lies_in = photo.places.filter(album__in=shown)
    remote_ids = list(lies_in.values_list("album__remote_id", flat=True))
    form = PlacesForm(shown, remote_ids, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        added, removed = form.differences()
        if added or removed:
            services.place(photo, added, removed)
        return redirect("library:photo", photo.pk)
    return render(request, "changes/albums.html", _about(photo) | {"form": form})


def _cannot(request: HttpRequest, photo: Photo) -> HttpResponse:
    words = {"service": app_name(photo.account.provider_id)}
    messages.info(request, _("%(service)s does not let other sites change photos.") % words)
    return redirect("library:photo", photo.pk)


@never_cache
@require_GET
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """How the photo's newest change stands; asked again by the page until it is over.

    Then the page is read anew, for the photo as it is now; of one that is gone, the way leads home.
    """
    photo = Photo.objects.visible_to(request.user).filter(pk=pk).first()
    if photo is None:
        messages.info(request, _("This photo is gone: its service no longer has it."))
        return _led(request, "HX-Redirect", reverse("library:home"))
    change = newest_change(photo)
    if change is None or change.is_over:
        return _led(request, "HX-Refresh", "true")
    return render(
        request,
        "changes/_state.html",
        {"photo": photo, "change": change, "is_open": True, "trouble": trouble_of(change)},
    )


def _led(request: HttpRequest, header: str, value: str) -> HttpResponse:
    """What htmx follows; anybody else goes home."""
    if not wants_fragment(request):
        return redirect("library:home")
    return HttpResponse(headers={header: value})


@never_cache
@require_GET
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """What people wrote under one's own photo, asked of its service; three seconds at most."""
    photo = _own_photo(request, pk)
    if not is_able(photo.account, PhotoEditing):
        raise Http404
    reply = read_comments(photo)
    template = "changes/_comments.html" if wants_fragment(request) else "changes/comments.html"
    return render(request, template, {"photo": photo, "reply": reply})
