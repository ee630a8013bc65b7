"""The public feeds: /Photos/JSON, /Photos/RSS and /Photos/RSS2 (docs/protocols/sapo.md, feeds)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from lxml import etree

from providers.sapo.protocol import FEED_PAGE_SIZE
from providers.sapo.server.bindings.responses import rest_fault
from providers.sapo.server.bindings.rest import asks_for_json
from providers.sapo.server.bindings.rss import NEW_CDATA, OLD_CDATA, Feed
from providers.sapo.server.endpoints import ServerUrls, site_root
from providers.sapo.server.models import Person
from providers.sapo.server.public_photos import PublicPhotos, page_number, usable_person
from providers.sapo.server.upload.derive_metadata import processed
from providers.sapo.server.wire.errors import Fault
from providers.sapo.server.wire.json_rule import to_json
from providers.sapo.server.wire.rest_request import query_pairs
from providers.xml import clean

_CACHE_SECONDS = 60
_MAX_LENGTH = 100
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'


@csrf_exempt
@login_not_required
@require_safe
def feed(request: HttpRequest, *, is_new: bool, is_json: bool) -> HttpResponse:
    """Everybody may read the feeds: only public photos are in them."""
    wants_json = is_json or asks_for_json(request)
    try:
        pairs = query_pairs(request.META.get("QUERY_STRING", ""))
    except Fault as fault:
        return rest_fault(fault, as_json=wants_json)
    query = {name.lower(): value.strip() for name, value in pairs}
    tag = clean(query.get("tag", ""))[:_MAX_LENGTH]
    person = _person(clean(query.get("u", ""))[:_MAX_LENGTH])
    photos = PublicPhotos(person=person, tag=tag, with_adult=query.get("m18", "").lower() == "true")
    page = page_number(query.get("page", ""))
    feed_document = Feed(photos, page, is_new, site_root(request) + request.path, ServerUrls(request))
    root = feed_document.rss([processed(image) for image in photos.images(page, FEED_PAGE_SIZE)])
    if wants_json:
        body, media_type = to_json(root, NEW_CDATA if is_new else OLD_CDATA), "application/json"
    else:
        body, media_type = _DECLARATION + etree.tostring(root, encoding="utf-8"), "application/rss+xml"
    response = HttpResponse(body, content_type=f"{media_type}; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_CACHE_SECONDS}"
    return response


def _person(username: str) -> Person | None:
    """The person whose photos are requested. For a name that nobody has, a person without photos: that
    feed must be empty, and not everybody's."""
    return (usable_person(username) or Person(username=username)) if username else None
