"""Photos, one and in lists (docs/protocols/sapo.md, 1.2)."""

from collections.abc import Sequence

from providers.sapo.server.auth.visibility import (
    minimum_audience,
    requested_person,
    visible_album,
    visible_count,
    visible_image,
)
from providers.sapo.server.models import Comment, Image, ImageAlbum, Person
from providers.sapo.server.operations.call import Call
from providers.sapo.server.operations.encode import PageInfo, result_field
from providers.sapo.server.operations.lists import (
    IMAGE_COLUMNS,
    PLACED_COLUMNS,
    albums_of,
    images_of_page,
    order_of,
    ordering,
    page_info,
)
from providers.sapo.server.operations.page_cache import cached_page
from providers.sapo.server.upload.derive_metadata import processed
from providers.sapo.server.wire.fields import Field, serialize


def image_details(call: Call) -> list[Field]:
    """One photo with its pictures, albums and comments."""
    image = visible_image(call.arguments, call.caller)
    return [result_field(), full_image(call, processed(image))]


def full_image(call: Call, image: Image, *, is_edited: bool = False) -> Field:
    """With its albums and comments; `is_edited`: as ImageEdit returns it."""
    comments = Comment.objects.filter(image=image, is_approved=True)[:200]
    encode = call.encoder.edited_image if is_edited else call.encoder.image
    return encode(image, albums_of([image]).get(image.pk, []), comments)


def images_of_user(call: Call) -> list[Field]:
    """A person's photos, newest first; the caller's own include those hidden from others."""
    owner = requested_person(call.arguments, call.caller)
    minimum, order = minimum_audience(owner, call.caller), order_of(call.arguments)
    page = page_info(call.arguments, visible_count(owner, minimum))

    def build() -> list[Field]:
        rows = Image.objects.filter(owner=owner, audience__gte=minimum)
        rows = rows.order_by(*ordering(order, IMAGE_COLUMNS))
        return image_list(call, images_of_page(rows, "pk", page, owner), page, owner)

    return cached_page(owner, ("all", minimum, order, page, *_list_variant(call)), build)


def images_of_album(call: Call) -> list[Field]:
    """The photos of one album, newest first."""
    owner = requested_person(call.arguments, call.caller)
    album = visible_album(call.arguments, call.caller, owner)
    minimum, order = minimum_audience(owner, call.caller), order_of(call.arguments)
    page = page_info(call.arguments, visible_count(album, minimum))

    def build() -> list[Field]:
        rows = ImageAlbum.objects.filter(album=album, audience__gte=minimum)
        rows = rows.order_by(*ordering(order, PLACED_COLUMNS))
        return image_list(call, images_of_page(rows, "image_id", page, owner), page, owner)

    return cached_page(owner, (album.pk, minimum, order, page, *_list_variant(call)), build)


def _list_variant(call: Call) -> tuple[str, bool]:
    """What a serialized list depends on besides its photos."""
    return call.encoder.urls.base_url, call.encoder.as_json


def image_list(
    call: Call, images: Sequence[Image], page: PageInfo, owner: Person | None = None
) -> list[Field]:
    """The result of a list, of one person's photos where `owner` is known.

    `images` is absent when there is none, since it may not be empty.
    """
    if not images:
        return [result_field(page=page)]
    albums = albums_of(images)
    listed = [
        call.encoder.listed_image(image, albums.get(image.pk, []), with_user=owner is None)
        for image in images
    ]
    return [
        result_field(page=page),
        ("images", serialize("images", listed, as_json=call.encoder.as_json)),
    ]
