"""Pictures: whoever knows the 64 random bits of a URL may see it (orange.md 8)."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from providers.orange.protocol import PRECOMPUTED_BOXES
from providers.orange.server.models import MediaObject
from providers.orange.server.rates import SECONDS, count_up, current_count
from providers.pictures import BadPicture
from providers.server.renditions import stored_rendition

MAX_SIDE = 2048
# Unusual sides are rounded down to a multiple, so that few files are made.
_STEP = 8
_MISSES_A_MINUTE = 60


@login_not_required
@require_safe
def picture(request: HttpRequest) -> HttpResponseBase:
    """For anybody with the URL: the original, or smaller inside `width` and `height`."""
    misses = f"orange-misses:{get_adapter(request).get_client_ip(request)}"
    if current_count(misses) >= _MISSES_A_MINUTE:
        return HttpResponse(status=429, headers={"Retry-After": str(SECONDS)})
    query = {name.lower(): str(value) for name, value in request.GET.items()}
    found = _picture(query.get("cid", ""))
    if found is None:
        count_up(misses)
        return HttpResponse(status=404)
    width, height = _side(query.get("width", "")), _side(query.get("height", ""))
    etag = quote_etag(f"{found.cyphered_id}-{width or ''}x{height or ''}")
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _with_headers(HttpResponseNotModified(), etag)
    if width is None and height is None:
        return _file_response(found.stored_name, found.media_type, etag)
    try:
        name = _smaller_picture(found, width, height)
    except (BadPicture, FileNotFoundError):
        return HttpResponse(status=404)
    except OSError:
        return _retry_later()
    if name is None:  # another request is still making it
        return _retry_later()
    return _file_response(name, f"image/{name.rpartition('.')[2]}", etag)


def _picture(cid: str) -> MediaObject | None:
    if not (cid.isascii() and cid.isalnum()):
        return None
    return MediaObject.objects.filter(cyphered_id=cid).first()


def _side(text: str) -> int | None:
    """A side in pixels; anything else is no limit."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _smaller_picture(found: MediaObject, width: int | None, height: int | None) -> str | None:
    """The stored name of the picture in a box. Of the two sides, the one that limits the picture is kept."""
    if (width, height) in PRECOMPUTED_BOXES:
        return _rendition(found, width or 0, height or 0)
    widest = min(width or MAX_SIDE, MAX_SIDE, found.width)
    highest = min(height or MAX_SIDE, MAX_SIDE, found.height)
    if widest * found.height <= highest * found.width:
        return _rendition(found, _rounded_side(widest, found.width), MAX_SIDE)
    return _rendition(found, MAX_SIDE, _rounded_side(highest, found.height))


def _rounded_side(side: int, whole: int) -> int:
    """The side itself if it is a usual one, else the next smaller multiple of `_STEP`."""
    is_common = side == whole or side < _STEP or not (side % 10 and side % 25)
    return side if is_common else side // _STEP * _STEP


def _rendition(found: MediaObject, width: int, height: int) -> str | None:
    return stored_rendition(found.stored_name, width, height, max_pixels=settings.SERVER_MAX_PIXELS)


def _file_response(name: str, media_type: str, etag: str) -> HttpResponseBase:
    try:
        file = default_storage.open(name)
    except FileNotFoundError:
        return HttpResponse(status=404)
    except OSError:
        return _retry_later()
    headers = {"Content-Length": str(file.size)}
    return _with_headers(FileResponse(file, content_type=media_type, headers=headers), etag)


def _retry_later() -> HttpResponse:
    return HttpResponse(status=503, headers={"Retry-After": "2"})


def _with_headers(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # If a browser shows a picture as a page in spite of all this, nothing in it runs.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
