"""Photos by tags and by words, of one person or of everybody."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from providers.sapo.server.auth.visibility import least_audience, person_meant
from providers.sapo.server.models import Audience, Image, ImageTag, Person, PersonTag
from providers.sapo.server.operations.call import Call
from providers.sapo.server.operations.images import image_list
from providers.sapo.server.operations.lists import (
    IMAGE_COLUMNS,
    PLACED_COLUMNS,
    images_of_page,
    order_of,
    ordering,
    page_info,
)
from providers.sapo.server.photo_store import sort_key
from providers.sapo.server.wire.arguments import MAX_VALUES
from providers.sapo.server.wire.dates import earliest, latest
from providers.sapo.server.wire.errors import Refused
from providers.sapo.server.wire.fields import Field
from providers.sapo.server.wire.tags import tag_keys

MAX_TERMS = 20
_COUNTERS = {
    Audience.OWNER: "image_count",
    Audience.ADULTS: "public_count",
    Audience.EVERYBODY: "safe_count",
}


def images_by_tags(call: Call) -> list[Field]:
    """Photos that carry all the tags."""
    keys = tag_keys(call.given.texts("tags/tag"))
    if not keys or len(keys) > MAX_TERMS:
        raise Refused(f"tags: 1 to {MAX_TERMS} are expected")
    owner = _owner_meant(call)
    least = least_audience(owner, call.caller, with_adult=call.given.flag("m18"))
    rows = ImageTag.objects.filter(key=keys[0], audience__gte=least)
    rows = rows.filter(_whose(owner))
    for key in keys[1:]:
        rows = rows.filter(Exists(ImageTag.objects.filter(image=OuterRef("image"), key=key)))
    total = _count_tagged(owner, keys[0], least) if len(keys) == 1 else rows.count()
    page = page_info(call.given, total)
    ordered = rows.order_by(*ordering(order_of(call.given), PLACED_COLUMNS))
    return image_list(call, images_of_page(ordered, "image_id", page), page)


def images_by_search(call: Call) -> list[Field]:
    """Photos with all the words in title, synopsis or tags, and made between two dates."""
    given = call.given
    words = " ".join(given.texts("terms/string")).split(maxsplit=MAX_VALUES)
    terms = {sort_key(word) for word in words}
    since = earliest(given.text("datefrom"), "dateFrom")
    until = latest(given.text("dateto"), "dateTo")
    if len(terms) > MAX_TERMS or not (terms or since or until):
        raise Refused(f"terms: 1 to {MAX_TERMS} words are expected")
    owner = _owner_meant(call)
    rows = Image.objects.filter(
        _whose(owner),
        audience__gte=least_audience(owner, call.caller, with_adult=given.flag("m18")),
    )
    for term in sorted(terms):
        rows = rows.filter(search_text__contains=term)
    rows = rows.filter(created_at__gte=since) if since else rows
    rows = rows.filter(created_at__lt=until) if until else rows
    return _found(call, rows)


def _found(call: Call, rows: QuerySet[Image]) -> list[Field]:
    page = page_info(call.given, rows.aggregate(total=Count("pk"))["total"])
    ordered = rows.order_by(*ordering(order_of(call.given), IMAGE_COLUMNS))
    return image_list(call, images_of_page(ordered, "pk", page), page)


def _owner_meant(call: Call) -> Person | None:
    """The person to search in; None for everybody."""
    return person_meant(call.given, call.caller) if call.given.text("user/username") else None


def _whose(owner: Person | None) -> Q:
    return Q(owner__is_active=True, owner__is_banned=False) if owner is None else Q(owner=owner)


def _count_tagged(owner: Person | None, key: str, least: Audience) -> int:
    rows = PersonTag.objects.filter(_whose(owner), key=key)
    return rows.aggregate(total=Sum(_COUNTERS[least]))["total"] or 0
