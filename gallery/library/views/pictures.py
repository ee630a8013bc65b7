"""The picture proxy: every picture of the site passes here, and only for those who may see it."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from gallery.library.models import CachedPicture, Photo
from gallery.library.picture_proxy import NoPicture, Wanted, fetch_picture, find_picture
from gallery.library.picture_urls import SIZES, is_genuine
from gallery.library.search.remote import found_photo
from providers.contract.entities import Rendition

# Shown where a picture cannot be had now: a leaf in the middle of nothing.
_PLACEHOLDER = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 64"><path fill="none" stroke="#8b8478" '
    b'stroke-width="1.6" stroke-linecap="round" d="M42 38c-1-9 5-14 15-14 0 10-5 15-15 14Zm0 0 7-7"/></svg>'
)
_PLACEHOLDER_SECONDS = 20
_FOREVER = "private, max-age=31536000, immutable"
_BLOCK = 64 * 1024


@require_safe
def picture(request: HttpRequest, pk: int, key: str, size: int) -> HttpResponseBase:
    """A picture of one's own photo; anybody else's does not exist."""
    photos = Photo.objects.visible_to(request.user)
    row = get_object_or_404(photos.only("account_id", "picture_key", "renditions", "width", "height"), pk=pk)
    if size not in SIZES or not is_genuine(key, row.pk, row.picture_key):
        raise Http404
    wanted = Wanted(
        key=f"{row.pk}-{row.picture_key}-{size}",
        account_pk=row.account_id,
        renditions=[Rendition(url=u, max_width=w, max_height=h) for u, w, h in row.renditions],
        size=size,
        width=row.width,
        height=row.height,
        photo_pk=row.pk,
    )
    return _respond(request, wanted)


@require_safe
def found_picture(request: HttpRequest, key: str, size: int) -> HttpResponseBase:
    """A picture that a search at a service found, for the person who searched.

    Only the cache knows its address, and for an hour: afterwards, and while the cache is away, it is drawn as
    missing, as it is for everybody else.
    """
    if size not in SIZES:
        raise Http404
    found = found_photo(request.user, key)
    if found is None:
        return _placeholder(status=404)
    wanted = Wanted(
        key=f"found-{key}-{size}",
        account_pk=found.account_pk,
        renditions=found.renditions,
        size=size,
        width=found.width,
        height=found.height,
    )
    return _respond(request, wanted)


def _respond(request: HttpRequest, wanted: Wanted) -> HttpResponseBase:
    etag = f'"{wanted.key}"'
    if request.headers.get("If-None-Match") == etag:
        return _with_caching(HttpResponseNotModified(), etag)
    try:
        row = find_picture(wanted.key) or fetch_picture(wanted)
        return _with_caching(_streamed(row), etag)
    except (NoPicture, OSError):
        return _placeholder()


def _streamed(row: CachedPicture) -> HttpResponseBase:
    try:
        file = default_storage.open(row.name)
    except FileNotFoundError:
        row.delete()  # the storage was cleared: the next asker brings it again
        raise
    response = FileResponse(file, content_type=row.media_type)
    response.block_size = _BLOCK
    response["Content-Length"] = str(row.byte_size)
    return response


def _with_caching(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response["Cache-Control"] = _FOREVER
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _placeholder(status: int = 200) -> HttpResponse:
    response = HttpResponse(_PLACEHOLDER, status=status, content_type="image/svg+xml")
    response["Cache-Control"] = f"private, max-age={_PLACEHOLDER_SECONDS}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
