"""The picture files of photos (docs/protocols/sapo.md, 1.5)."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from providers.pictures import BadPicture
from providers.sapo.protocol_tables import ViewBox
from providers.sapo.server.media import box_at, stored_picture
from providers.sapo.server.models import Image

_CACHE_SECONDS = 24 * 3600


def shown_image(pk: int) -> Image:
    """The photo, if its pictures may be shown to whoever has their URL. Raises Http404."""
    found = Image.objects.filter(
        pk=pk,
        is_pending=False,
        is_active=True,
        is_inappropriate=False,
        owner__is_active=True,
        owner__is_banned=False,
    ).first()
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def picture(request: HttpRequest, path: str, pk: int) -> HttpResponseBase:
    """Whoever has the URL, which nobody can guess, may see the picture."""
    image = shown_image(pk)
    box = box_at(image, path)
    if box is None:
        raise Http404
    # The file of a photo never changes, so its id and the box identify it.
    etag = f'"{image.pk}-{box.width}x{box.height}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = _file_response(request, image, box)
    if response.status_code == 503:
        return response
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={_CACHE_SECONDS}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _file_response(request: HttpRequest, image: Image, box: ViewBox) -> HttpResponseBase:
    try:
        stored = stored_picture(image, box)
        if stored is None:  # another request is still making it
            return HttpResponse(status=503, headers={"Retry-After": "5"})
        file = default_storage.open(stored.name)
    except (BadPicture, FileNotFoundError):
        raise Http404 from None
    except OSError:  # the storage does not respond: the picture is not gone
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    if request.method == "HEAD":
        with file:
            return HttpResponse(content_type=stored.media_type, headers={"Content-Length": str(file.size)})
    return FileResponse(file, content_type=stored.media_type)
