"""Albums and collections (docs/protocols/sapo.md, 1.2)."""

from collections.abc import Iterable

from django.db.models import QuerySet

from providers.sapo.server.auth.people import NewAlbum, add_album
from providers.sapo.server.auth.visibility import minimum_audience, requested_person, visible_album
from providers.sapo.server.models import Album, Audience, Collection, Image, Person
from providers.sapo.server.operations.call import Call
from providers.sapo.server.operations.encode import PageInfo, result_field
from providers.sapo.server.operations.images import full_image
from providers.sapo.server.operations.lists import (
    ALBUM_COLUMNS,
    COLLECTION_COLUMNS,
    order_of,
    ordering,
    page_info,
    page_of,
)
from providers.sapo.server.wire.errors import Refused
from providers.sapo.server.wire.fields import Field

MAX_ALBUMS = 10_000


def create_album(call: Call) -> list[Field]:
    """A new album of the caller's; its cover may be filled later."""
    owner = call.caller.required_person
    arguments = call.arguments
    new = NewAlbum(
        title=arguments.limited_text("album/title", 200),
        description=arguments.limited_text("album/description", 10_000),
        password=arguments.limited_text("album/password", 100),
        is_active=arguments.flag("album/active", default=True),
    )
    if not new.title:
        raise Refused("The title of the album is missing")
    if owner.album_count >= MAX_ALBUMS:
        raise Refused(f"A person has at most {MAX_ALBUMS} albums")
    return [result_field(), call.encoder.album(add_album(owner, new), owner, is_new=True)]


def albums_of_user(call: Call) -> list[Field]:
    """A person's albums, "Ao Molho" among them; others see the active ones."""
    owner = requested_person(call.arguments, call.caller)
    rows = Album.objects.filter(owner=owner)
    if minimum_audience(owner, call.caller) is not Audience.OWNER:
        rows = rows.filter(is_active=True)
    page = page_info(call.arguments, rows.count())
    found = page_of(rows.order_by(*ordering(order_of(call.arguments), ALBUM_COLUMNS)), page)
    return album_list(call, found, page, {owner.pk: owner}, with_user=False)


def albums_of_collection(call: Call) -> list[Field]:
    """The albums of a collection, in its own order unless another is requested."""
    collection = Collection.objects.select_related("owner").filter(
        pk=call.arguments.number("collection/id")
    ).first()  # fmt: skip
    if collection is None or not _may_see(call, collection):
        raise Refused("Collection not found")
    owner = collection.owner
    rows: QuerySet[Album] = collection.albums.all()
    if minimum_audience(owner, call.caller) is not Audience.OWNER:
        rows = rows.filter(is_active=True)
    page = page_info(call.arguments, rows.count())
    if call.arguments.text("orderby"):
        rows = rows.order_by(*ordering(order_of(call.arguments), ALBUM_COLUMNS))
    else:
        rows = rows.order_by("collectionalbum__position", "collectionalbum__id")
    return album_list(call, page_of(rows, page), page, {owner.pk: owner}, with_user=True)


def _may_see(call: Call, collection: Collection) -> bool:
    username = call.arguments.text("collection/user/username").lower()
    if username and username != collection.owner.username:
        return False
    if call.caller.person is not None and collection.owner_id == call.caller.person.pk:
        return True
    return collection.is_active and collection.owner.is_usable


def collections_of_user(call: Call) -> list[Field]:
    owner = requested_person(call.arguments, call.caller)
    rows = Collection.objects.filter(owner=owner)
    if minimum_audience(owner, call.caller) is not Audience.OWNER:
        rows = rows.filter(is_active=True)
    page = page_info(call.arguments, rows.count())
    found = page_of(rows.order_by(*ordering(order_of(call.arguments), COLLECTION_COLUMNS)), page)
    if not found:
        return [result_field(page=page)]
    listed = ("collections", [call.encoder.collection(each, owner) for each in found])
    return [result_field(page=page), listed]


def album_list(
    call: Call, albums: Iterable[Album], page: PageInfo, owners: dict[int, Person], *, with_user: bool
) -> list[Field]:
    listed = [call.encoder.album(album, owners[album.owner_id], with_user=with_user) for album in albums]
    return [result_field(page=page), ("albums", listed)]


def album_details(call: Call) -> list[Field]:
    """One album, to whoever may open it."""
    owner = requested_person(call.arguments, call.caller)
    album = visible_album(call.arguments, call.caller, owner)
    return [result_field(), call.encoder.album(album, owner, with_user=True)]


def album_cover_image(call: Call) -> list[Field]:
    """The photo on an album's cover: the chosen one, else the newest that the caller may see."""
    owner = requested_person(call.arguments, call.caller)
    album = visible_album(call.arguments, call.caller, owner)
    visible = Image.objects.filter(
        placements__album=album, audience__gte=minimum_audience(owner, call.caller)
    ).select_related("owner")
    newest = visible.order_by("-placements__created_at", "-placements__image_id")
    image = (visible.filter(pk=album.cover_id).first() if album.cover_id else None) or newest.first()
    if image is None:
        raise Refused("This album has no cover")
    return [result_field(), full_image(call, image)]
