"""The small pictures that represent an album, a collection and a person."""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from providers.pictures import MEDIA_TYPES, recognise
from providers.pictures.decoding import pyvips
from providers.sapo.server.endpoints import ServerUrls
from providers.sapo.server.models import Album, Audience, Collection, Image, Person
from providers.sapo.server.public_photos import PublicPhotos
from providers.sapo.server.site.cards import picture_path
from providers.sapo.server.site.pages import person_or_404

_COVER_SIZE = "500x500"


def cover_of(album: Album) -> Image | None:
    """The picture that may represent an album to everybody: its cover, or its newest public photo."""
    if not album.is_active or album.sealed_password:
        return None
    if album.cover is not None and album.cover.audience == Audience.EVERYBODY:
        return album.cover
    return next(iter(PublicPhotos(person=album.owner, album=album).images(1, 1)), None)


def _cover_response(request: HttpRequest, image: Image | None, name: str) -> HttpResponse:
    """The picture; a plain one where everybody may see none, since responses contain the URL in any case."""
    if image is None:
        response = HttpResponse(_plain(name, 260), content_type="image/jpeg")
    else:
        response = redirect(picture_path(image, ServerUrls(request), _COVER_SIZE))
    response["Cache-Control"] = "public, max-age=300"
    return response


@login_not_required
@require_safe
def album_cover(request: HttpRequest, username: str, number: int) -> HttpResponse:
    """Everybody, for an active album. What a password closes is not shown."""
    owned = Album.objects.filter(owner=person_or_404(username), number=number, is_active=True)
    album = owned.select_related("owner", "cover").first()
    if album is None:
        raise Http404
    return _cover_response(request, cover_of(album), f"{username}/{number}")


@login_not_required
@require_safe
def collection_cover(request: HttpRequest, username: str, number: int) -> HttpResponse:
    """Everybody, for an active collection."""
    owned = Collection.objects.filter(owner=person_or_404(username), pk=number, is_active=True)
    collection = owned.select_related("cover").first()
    if collection is None:
        raise Http404
    name = f"{username}/c{number}"
    if collection.cover is not None and collection.cover.audience == Audience.EVERYBODY:
        return _cover_response(request, collection.cover, name)
    albums = collection.albums.filter(is_active=True, safe_count__gt=0, sealed_password="")
    album = albums.select_related("owner", "cover").order_by("collectionalbum__position").first()
    return _cover_response(request, None if album is None else cover_of(album), name)


@login_not_required
@require_safe
def avatar(request: HttpRequest, username: str) -> HttpResponseBase:
    """Everybody: the person's picture, or a plain one in a colour of their own."""
    person = person_or_404(username)
    response: HttpResponseBase
    if (file := _own_avatar(person)) is not None:
        kind = recognise(file.read(16))
        file.seek(0)
        response = FileResponse(file, content_type=MEDIA_TYPES.get(kind, "application/octet-stream"))
    else:
        response = HttpResponse(_plain(person.username, 90), content_type="image/jpeg")
    response["Cache-Control"] = "public, max-age=300"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _own_avatar(person: Person) -> File[bytes] | None:
    try:
        return default_storage.open(person.avatar) if person.avatar else None
    except OSError:
        return None


def _plain(name: str, side: int) -> bytes:
    """A square in a colour of the name's own."""
    red, green, blue = (96 + part // 2 for part in hashlib.sha256(name.encode()).digest()[:3])
    tile = pyvips.Image.black(side, side, bands=3).linear(1, [red, green, blue]).cast("uchar")
    return bytes(tile.copy(interpretation="srgb").jpegsave_buffer(Q=80))
