"""The six methods: the right each needs, and what it does (docs/protocols/orange.md, Methods)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from providers.orange.protocol import Action, Answer, ErrorCode, Parameter, Right
from providers.orange.server import responses
from providers.orange.server.albums import create_album
from providers.orange.server.errors import ServiceError, missing_parameter
from providers.orange.server.models import MediaObject, OrangeAccount, OrangeAlbum
from providers.orange.server.parameters import Parameters
from providers.orange.server.photo_store import store_photo
from providers.orange.server.upload_form import ReceivedForm

_LIST_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Call:
    """One authorized call. `form` is there when the request was multipart."""

    request: HttpRequest
    account: OrangeAccount
    parameters: Parameters
    form: ReceivedForm | None = None

    def picture_url(self) -> str:
        """Where pictures are fetched, on the host that this caller used."""
        return self.request.build_absolute_uri(reverse("orange_picture"))

    def album(self) -> OrangeAlbum:
        """The album that is named. Raises ServiceError 9001, 9003; another's is as unknown as none."""
        cyphered_id = self.parameters.required(Parameter.ALBUM)
        found = None
        if "\x00" not in cyphered_id:
            found = self.account.albums.filter(cyphered_id=cyphered_id).first()
        if found is None:
            raise ServiceError(ErrorCode.ALBUM_UNKNOWN, "album unknown")
        return found


def get_albums_list(call: Call) -> responses.Pieces:
    albums = call.account.albums.all()
    return responses.albums(albums.count(), albums.iterator(_LIST_CHUNK))


def create(call: Call) -> responses.Pieces:
    title = call.parameters.title
    if title is None:
        raise missing_parameter(Parameter.TITLE)
    return responses.album(Answer.ALBUM_CREATED, create_album(call.account, title))


def get_album(call: Call) -> responses.Pieces:
    return responses.album(Answer.ALBUM, call.album())


def get_media_objs_list(call: Call) -> responses.Pieces:
    rows = call.album().media_objects.all()
    return responses.media_objects(rows.iterator(_LIST_CHUNK), call.picture_url())


def get_media_obj(call: Call) -> responses.Pieces:
    """By cypheredId, or by the decimal id that the document's table asks for (orange.md 10.9)."""
    wanted = call.parameters.required(Parameter.MEDIA_OBJECT)
    pictures = call.account.media_objects
    found = pictures.filter(cyphered_id=wanted).first() if "\x00" not in wanted else None
    if found is None and wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        found = pictures.filter(pk=int(wanted)).first()
    if found is None:
        raise ServiceError(ErrorCode.MEDIA_OBJECT_UNKNOWN, "media object unknown")
    return responses.media_object(found, call.picture_url())


def add_media_obj(call: Call) -> responses.Pieces:
    """Returns the albums and their new counts, as the document's sample does (orange.md 10.6)."""
    if call.form is None or call.form.path is None:
        raise missing_parameter(Parameter.FILE)
    album = call.album() if call.parameters.get(Parameter.ALBUM) else None
    title = call.parameters.get(Parameter.FILE_TITLE)
    with call.form.path.open("rb") as file:
        picture: MediaObject = store_photo(call.account, album, title, call.form.filename, file)
    albums = call.account.albums.all()
    new = picture if settings.ORANGE_NAMES_NEW_PHOTO else None
    return responses.albums(albums.count(), albums.iterator(_LIST_CHUNK), new)


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the table: the right that a service must have been given, and the work."""

    right: Right
    perform: Callable[[Call], responses.Pieces]


OPERATIONS = {
    Action.GET_ALBUMS_LIST: Operation(Right.SEE, get_albums_list),
    Action.CREATE_ALBUM: Operation(Right.ADD, create),
    Action.GET_ALBUM: Operation(Right.SEE, get_album),
    Action.GET_MEDIA_OBJS_LIST: Operation(Right.SEE, get_media_objs_list),
    Action.GET_MEDIA_OBJ: Operation(Right.SEE, get_media_obj),
    Action.ADD_MEDIA_OBJ: Operation(Right.ADD, add_media_obj),
}
