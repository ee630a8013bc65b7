"""Pictures: whoever knows the 64 random bits of an address may see it (orange.md 8)."""

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
from providers.orange.server.rates import SECONDS, count, counted
from providers.pictures import BadPicture
from providers.server.renditions import stored_rendition

MAX_SIDE = 2048
# Of sizes that nobody writes by hand, each eighth is worth a file.
_STEP = 8
_MISSES_A_MINUTE = 60


@login_not_required
@require_safe
def picture(request: HttpRequest) -> HttpResponseBase:
    """For anybody with the address: the original, or smaller inside `width` and `height`."""
    misses = f"orange-misses:{get_adapter(request).get_client_ip(request)}"
    if counted(misses) >= _MISSES_A_MINUTE:
        return HttpResponse(status=429, headers={"Retry-After": str(SECONDS)})
    asked = {name.lower(): str(value) for name, value in request.GET.items()}
    found = _found(asked.get("cid", ""))
    if found is None:
        count(misses)
        return HttpResponse(status=404)
    width, height = _side(asked.get("width", "")), _side(asked.get("height", ""))
    etag = quote_etag(f"{found.cyphered_id}-{width or ''}x{height or ''}")
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _guarded(HttpResponseNotModified(), etag)
    if width is None and height is None:
        return _sent(found.stored_name, found.media_type, etag)
    try:
        name = _smaller(found, width, height)
    except (BadPicture, FileNotFoundError):
        return HttpResponse(status=404)
    except OSError:
        return _not_now()
    if name is None:  # somebody else is still at it
        return _not_now()
    return _sent(name, f"image/{name.rpartition('.')[2]}", etag)


def _found(cid: str) -> MediaObject | None:
    if not (cid.isascii() and cid.isalnum()):
        return None
    return MediaObject.objects.filter(cyphered_id=cid).first()


def _side(text: str) -> int | None:
    """A side in pixels; what is no such number does not limit."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _smaller(found: MediaObject, width: int | None, height: int | None) -> str | None:
    """The stored name of the picture in a box. Of the two sides the one that decides is kept exactly."""
    if (width, height) in PRECOMPUTED_BOXES:
        return _rendition(found, width or 0, height or 0)
    widest = min(width or MAX_SIDE, MAX_SIDE, found.width)
    highest = min(height or MAX_SIDE, MAX_SIDE, found.height)
    if widest * found.height <= highest * found.width:
        return _rendition(found, _near(widest, found.width), MAX_SIDE)
    return _rendition(found, MAX_SIDE, _near(highest, found.height))


def _near(side: int, whole: int) -> int:
    """The side itself where people ask for such, else the next smaller one worth a file of its own."""
    is_common = side == whole or side < _STEP or not (side % 10 and side % 25)
    return side if is_common else side // _STEP * _STEP


def _rendition(found: MediaObject, width: int, height: int) -> str | None:
    return stored_rendition(found.stored_name, width, height, max_pixels=settings.SERVER_MAX_PIXELS)


def _sent(name: str, media_type: str, etag: str) -> HttpResponseBase:
    try:
        file = default_storage.open(name)
    except FileNotFoundError:
        return HttpResponse(status=404)
    except OSError:
        return _not_now()
    headers = {"Content-Length": str(file.size)}
    return _guarded(FileResponse(file, content_type=media_type, headers=headers), etag)


def _not_now() -> HttpResponse:
    return HttpResponse(status=503, headers={"Retry-After": "2"})


def _guarded(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Should a picture be taken for a page in spite of all, it may do nothing.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
