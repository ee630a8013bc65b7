"""What the service shows first, for each interface, as chosen in the admin."""

from django.db.models import QuerySet

from providers.sapo.protocol import DEFAULT_INTERFACE
from providers.sapo.server.models import Album, Highlight, Person
from providers.sapo.server.operations.albums import album_list
from providers.sapo.server.operations.call import Call
from providers.sapo.server.operations.encode import result_field
from providers.sapo.server.operations.lists import (
    ALBUM_COLUMNS,
    PERSON_COLUMNS,
    order_of,
    ordering,
    page_info,
    page_of,
)
from providers.sapo.server.wire.fields import Field, texts


def _interface(call: Call) -> str:
    return call.arguments.text("intf") or call.arguments.text("interface") or DEFAULT_INTERFACE


def highlighted_albums(call: Call) -> list[Field]:
    """In the chosen order, unless another is requested; each with its user."""
    rows = Album.objects.select_related("owner").filter(
        highlight__interface=_interface(call),
        is_active=True,
        sealed_password="",
        owner__is_active=True,
        owner__is_banned=False,
    )
    page = page_info(call.arguments, rows.count())
    if call.arguments.text("orderby"):
        rows = rows.order_by(*ordering(order_of(call.arguments), ALBUM_COLUMNS))
    else:
        rows = rows.order_by("highlight__position", "highlight__id")
    albums = page_of(rows, page)
    return album_list(call, albums, page, {album.owner_id: album.owner for album in albums}, with_user=True)


def highlighted_users(call: Call) -> list[Field]:
    rows: QuerySet[Person] = Person.objects.filter(
        highlight__interface=_interface(call), is_active=True, is_banned=False
    )
    page = page_info(call.arguments, rows.count())
    if call.arguments.text("orderby"):
        rows = rows.order_by(*ordering(order_of(call.arguments), PERSON_COLUMNS))
    else:
        rows = rows.order_by("highlight__position", "highlight__id")
    people = page_of(rows, page)
    if not people:
        return [result_field(page=page)]
    return [
        result_field(page=page),
        ("users", [call.encoder.short_user(person) for person in people]),
    ]


def highlighted_tags(call: Call) -> list[Field]:
    rows = Highlight.objects.filter(interface=_interface(call)).exclude(tag="")
    return [result_field(), texts("tags", "tag", rows.values_list("tag", flat=True)[:200])]
