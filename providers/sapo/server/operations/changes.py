"""What a caller changes about photos. Another's photo and no photo are the same: not found."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from providers.sapo.protocol import MAX_ALBUMS_TO_REMOVE_FROM, UPLOAD_TOKEN_SECONDS
from providers.sapo.server import media
from providers.sapo.server.auth.keys import digest, new_key, new_uid, seal
from providers.sapo.server.auth.visibility import own_image, visible_image
from providers.sapo.server.models import Album, Audience, Image, ImageAlbum, Person, UploadToken
from providers.sapo.server.operations.call import Call
from providers.sapo.server.operations.encode import result_field
from providers.sapo.server.operations.images import full_image
from providers.sapo.server.photo_store import remove_image, save_new_image, update_image
from providers.sapo.server.wire.arguments import Arguments
from providers.sapo.server.wire.errors import Refused
from providers.sapo.server.wire.fields import Field
from providers.sapo.server.wire.tags import split_tags

MAX_PENDING = 1000
_PENDING_EXPIRES_AFTER = timedelta(days=1)
_MAX_VIEWS_AT_ONCE = 1_000_000


def create_image(call: Call) -> list[Field]:
    """A photo without its file, and the token with which the file may be sent for ten minutes."""
    owner = call.caller.required_person
    image = Image(uid=new_uid(), owner=owner)
    _fill(image, call.arguments)
    image.subtitle = call.arguments.limited_text("image/subtitle", 200)
    albums = _requested_albums(call.arguments, owner, at_least=0)
    _check_pending(owner)
    token = new_key()
    with transaction.atomic():
        save_new_image(image)
        if albums:
            with update_image(image) as row:
                _place(row, albums)
        UploadToken.objects.create(
            token_hash=digest(token),
            image=image,
            expires_at=timezone.now() + timedelta(seconds=UPLOAD_TOKEN_SECONDS),
        )
    return [("token", token), call.encoder.new_image(image), result_field()]


def _check_pending(owner: Person) -> None:
    """Delete photos whose file can no longer arrive. Raises Refused when too many wait still."""
    # Selected here and not by the database, which would read all photos of the owner.
    waiting = list(Image.objects.filter(owner=owner, audience=Audience.NOBODY).order_by()[:MAX_PENDING])
    expired = [image for image in waiting if image.created_at < timezone.now() - _PENDING_EXPIRES_AFTER][:50]
    for image in expired:
        with suppress(Image.DoesNotExist):
            remove_image(image)
    if len(waiting) - len(expired) >= MAX_PENDING:
        raise Refused(f"{MAX_PENDING} images wait for their files already")


def _fill(image: Image, arguments: Arguments) -> None:
    """Fill in what ImageCreate and ImageEdit set; whatever was not sent becomes blank (sapo.md, ImageEdit).

    A photo is active and not adult unless the contrary is sent.
    """
    image.title = arguments.limited_text("image/title", 200)
    image.synopse = arguments.limited_text("image/synopse", 10_000)
    image.tags = ",".join(split_tags(",".join(arguments.texts("image/tags"))))
    image.sealed_password = seal(arguments.limited_text("image/password", 100), "image", image.uid)
    image.is_active = arguments.flag("image/active", default=True)
    image.is_adult = arguments.flag("image/m18")


def edit_image(call: Call) -> list[Field]:
    """Replace all that can be edited by what was sent; the subtitle, which the document leaves out,
    only when it was sent."""
    image = own_image(call.arguments, call.caller)
    try:
        with update_image(image) as row:
            _fill(row, call.arguments)
            if call.arguments.has("image/subtitle"):
                row.subtitle = call.arguments.limited_text("image/subtitle", 200)
    except Image.DoesNotExist:
        raise Refused("Image not found") from None
    return [result_field(), full_image(call, own_image(call.arguments, call.caller), is_edited=True)]


def delete_image(call: Call) -> list[Field]:
    """Remove a photo and, once that is certain, its files."""
    image = own_image(call.arguments, call.caller)
    try:
        with transaction.atomic():
            removed = remove_image(image)
            transaction.on_commit(partial(media.delete_files, removed.file_name))
    except Image.DoesNotExist:
        raise Refused("Image not found") from None
    return [result_field()]


def add_to_albums(call: Call) -> list[Field]:
    """Put a photo into albums of its owner; those that hold it already are fine."""
    image = own_image(call.arguments, call.caller)
    albums = _requested_albums(call.arguments, call.caller.required_person, at_least=1)
    try:
        with update_image(image) as row:
            _place(row, albums)
    except Image.DoesNotExist:
        raise Refused("Image not found") from None
    return [result_field()]


def _place(image: Image, albums: list[Album]) -> None:
    ImageAlbum.objects.bulk_create(
        [ImageAlbum(image=image, album=album, created_at=image.created_at) for album in albums],
        ignore_conflicts=True,
    )


def remove_from_albums(call: Call) -> list[Field]:
    """Take a photo out of at most fifty albums."""
    image = own_image(call.arguments, call.caller)
    albums = _requested_albums(call.arguments, call.caller.required_person, at_least=1)
    if len(albums) > MAX_ALBUMS_TO_REMOVE_FROM:
        raise Refused(f"At most {MAX_ALBUMS_TO_REMOVE_FROM} albums can be left at once")
    try:
        with update_image(image) as row:
            ImageAlbum.objects.filter(image=row, album__in=albums).delete()
    except Image.DoesNotExist:
        raise Refused("Image not found") from None
    return [result_field()]


def _requested_albums(arguments: Arguments, owner: Person, *, at_least: int) -> list[Album]:
    """The owner's albums that were named, all of them or none. Raises Refused."""
    texts = arguments.texts("image/albums/album/id")
    if not all(text.isdecimal() and len(text) <= 9 for text in texts):
        raise Refused("Album not found")
    numbers = {int(text) for text in texts}
    albums = list(Album.objects.filter(owner=owner, number__in=numbers))
    if len(numbers) < at_least:
        raise Refused("No album was named")
    if len(albums) != len(numbers):
        raise Refused("Album not found")
    if any(album.is_special for album in albums):
        raise Refused("The album of loose photos fills and empties by itself")
    return albums


def notify_view(call: Call) -> list[Field]:
    """Count views of a photo; for administrators."""
    if not call.caller.required_person.is_admin:
        raise Refused("Administrator permissions are required")
    value = call.arguments.number("value")
    if not 1 <= value <= _MAX_VIEWS_AT_ONCE:
        raise Refused(f"value: a number from 1 to {_MAX_VIEWS_AT_ONCE} is expected")
    image = visible_image(call.arguments, call.caller)
    Image.objects.filter(pk=image.pk).update(visualizations=F("visualizations") + value)
    return [result_field()]
