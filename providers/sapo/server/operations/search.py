"""Photos by tags and by words, of one person or of everybody."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from providers.sapo.server.auth.visibility import minimum_audience, requested_person
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
    keys = tag_keys(call.arguments.texts("tags/tag"))
    if not keys or len(keys) > MAX_TERMS:
        raise Refused(f"tags: 1 to {MAX_TERMS} are expected")
    owner = _requested_owner(call)
    minimum = minimum_audience(owner, call.caller, with_adult=call.arguments.flag("m18"))
    rows = ImageTag.objects.filter(key=keys[0], audience__gte=minimum)
    rows = rows.filter(_owned_by(owner))
    for key in keys[1:]:
        rows = rows.filter(Exists(ImageTag.objects.filter(image=OuterRef("image"), key=key)))
    total = _count_tagged(owner, keys[0], minimum) if len(keys) == 1 else rows.count()
    page = page_info(call.arguments, total)
    ordered = rows.order_by(*ordering(order_of(call.arguments), PLACED_COLUMNS))
    return image_list(call, images_of_page(ordered, "image_id", page), page)


def images_by_search(call: Call) -> list[Field]:
    """Photos with all the words in title, synopsis or tags, and made between two dates."""
    arguments = call.arguments
    words = " ".join(arguments.texts("terms/string")).split(maxsplit=MAX_VALUES)
    terms = {sort_key(word) for word in words}
    since = earliest(arguments.text("datefrom"), "dateFrom")
    until = latest(arguments.text("dateto"), "dateTo")
    if len(terms) > MAX_TERMS or not (terms or since or until):
        raise Refused(f"terms: 1 to {MAX_TERMS} words are expected")
    owner = _requested_owner(call)
    rows = Image.objects.filter(
        _owned_by(owner),
        audience__gte=minimum_audience(owner, call.caller, with_adult=arguments.flag("m18")),
    )
    for term in sorted(terms):
        rows = rows.filter(search_text__contains=term)
    rows = rows.filter(created_at__gte=since) if since else rows
    rows = rows.filter(created_at__lt=until) if until else rows
    return _found(call, rows)


def _found(call: Call, rows: QuerySet[Image]) -> list[Field]:
    page = page_info(call.arguments, rows.aggregate(total=Count("pk"))["total"])
    ordered = rows.order_by(*ordering(order_of(call.arguments), IMAGE_COLUMNS))
    return image_list(call, images_of_page(ordered, "pk", page), page)


def _requested_owner(call: Call) -> Person | None:
    """The person to search in; None for everybody."""
    return requested_person(call.arguments, call.caller) if call.arguments.text("user/username") else None


def _owned_by(owner: Person | None) -> Q:
    return Q(owner__is_active=True, owner__is_banned=False) if owner is None else Q(owner=owner)


def _count_tagged(owner: Person | None, key: str, minimum: Audience) -> int:
    rows = PersonTag.objects.filter(_owned_by(owner), key=key)
    return rows.aggregate(total=Sum(_COUNTERS[minimum]))["total"] or 0
