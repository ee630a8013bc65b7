"""A SAPO Fotos account as a photo service: the verbs that the gallery knows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, BinaryIO

from providers.client.http import Limits
from providers.contract.entities import (
    Album,
    Collection,
    Draft,
    Photo,
    Picture,
    Profile,
    Rendition,
    Ticket,
    UploadForm,
)
from providers.contract.errors import NotFound, Refused
from providers.contract.paging import Listing, Page, converted
from providers.registry import ServiceApp, ServiceKind, Tone
from providers.sapo import records
from providers.sapo.client import SapoClient
from providers.sapo.connection import binding_for, http_for, upload_url
from providers.sapo.conversion import ORDERS, to_album, to_collection, to_photo, to_profile
from providers.sapo.policy import POLICY
from providers.sapo.protocol import MAX_ALBUMS_TO_REMOVE_FROM, MEDIA_TYPES, UPLOAD_TOKEN_SECONDS
from providers.sapo.responses import PROVIDER
from providers.sapo.stored_urls import Addresses
from providers.sapo.upload import FILE_FIELD, form_fields, post_picture

# So much earlier than the service we call a ticket dead: a file takes time on its way.
_TICKET_MARGIN = timedelta(seconds=60)
_LARGEST_ID = 2**31 - 1


class SapoPhotos:
    """One account; `username` is its name there, "" to have it asked for when it is needed."""

    def __init__(self, app: ServiceApp, token: str, username: str, *, limits: Limits | None = None) -> None:
        self._app = app
        self._username = username
        self._addresses = Addresses(app)
        self._http = http_for(app, limits)
        self._client = SapoClient(binding_for(app, self._http, token))

    # --- Albums and photos ---

    def albums(self) -> Iterator[Album]:
        yield from self.albums_of("")

    def photos(self, album_id: str) -> Iterator[Photo]:
        yield from self.photos_of_album("", album_id)

    def newest(self) -> Listing[Photo]:
        return self._photos(lambda page: self._client.image_get_list_by_user(page=page), ())

    def create_album(self, title: str) -> Album:
        return self.create_described_album(title)

    def create_described_album(self, title: str, *, description: str = "", password: str = "") -> Album:
        made = self._client.album_create(title, description=description, password=password)
        return to_album(made, self._addresses)

    def collections(self) -> Iterator[Collection]:
        listing = converted(
            lambda page: self._client.collection_get_list_by_user(page=page),
            lambda collection: to_collection(collection, self._addresses),
        )
        yield from listing

    def collection_albums(self, collection_id: str) -> Iterator[Album]:
        known = _known_id(collection_id, "AlbumGetListByCollection")
        yield from self._albums(lambda page: self._client.album_get_list_by_collection(known, page=page))

    def fetch(self, rendition: Rendition) -> Picture:
        return self._http.stream("picture", self._addresses.full(rendition.url))

    # --- Uploads ---

    def begin_upload(self, draft: Draft, callback_url: str) -> Ticket:
        """Reserve a photo that stays pending until its file came. Raises NotFound for an unknown album.

        OutcomeUnknown here means a pending photo at worst, which nobody ever sees.
        """
        if draft.album_id:
            self._client.image_get_list_by_user_album(_known_id(draft.album_id, "begin_upload"))
        created = self._client.image_create(title=draft.title, synopse=draft.description, tags=draft.tags)
        lifetime = timedelta(seconds=UPLOAD_TOKEN_SECONDS) - _TICKET_MARGIN
        return Ticket(
            data={
                "uid": created.image.uid,
                "token": created.token,
                "album_id": draft.album_id,
                "callback_url": callback_url,
            },
            callback_deadline=datetime.now(UTC) + lifetime,
        )

    def send_upload(self, ticket: Ticket, draft: Draft, file: BinaryIO) -> None:
        fields = form_fields(ticket.data["token"], ticket.data.get("callback_url", ""))
        post_picture(self._http, upload_url(self._app), fields, draft, file)

    def confirm_upload(self, ticket: Ticket) -> Photo | None:
        """The photo once its file is there, then put into its album; adding it twice changes nothing."""
        image = self._image_or_none(ticket.data["uid"])
        if image is None or image.pending:
            return None
        photo = to_photo(image, self._addresses)
        album_id = ticket.data.get("album_id", "")
        if not album_id:
            return photo
        try:
            self._client.image_add_to_album(photo.remote_id, [album_id])
        except (NotFound, Refused):
            return photo  # the album went away meanwhile; the photo is stored all the same
        return _in_albums(photo, [album_id])

    def browser_form(self, ticket: Ticket, callback_url: str) -> UploadForm:
        return UploadForm(
            action=upload_url(self._app, for_browser=True),
            fields=form_fields(ticket.data["token"], callback_url),
            file_field=FILE_FIELD,
        )

    def abandon_upload(self, ticket: Ticket) -> None:
        image = self._image_or_none(ticket.data["uid"])
        if image is not None and image.pending:
            with suppress(NotFound):
                self._client.image_delete(image.uid)

    # --- One's own photos ---

    def photo(self, remote_id: str) -> Photo:
        return to_photo(self._own_image(remote_id), self._addresses)

    def edit_photo(self, remote_id: str, changes: Mapping[str, object]) -> Photo:
        """ImageEdit erases whatever is not sent: so everything is read first and sent back."""
        image = self._own_image(remote_id)
        fields: dict[str, Any] = {
            "title": image.title,
            "description": image.synopse,
            "tags": image.tags,
            "is_adult": bool(image.m18),
            "is_active": image.active is not False,
            "password": image.password,
        }
        if unknown := set(changes) - set(fields):
            raise ValueError(f"no such field: {', '.join(sorted(unknown))}")
        fields.update(changes)
        edited = self._client.image_edit(
            remote_id,
            title=fields["title"],
            synopse=fields["description"],
            tags=fields["tags"],
            m18=bool(fields["is_adult"]),
            active=bool(fields["is_active"]),
            password=fields["password"],
        )
        return to_photo(edited, self._addresses)

    def delete_photo(self, remote_id: str) -> None:
        self._client.image_delete(remote_id)

    def add_to_albums(self, photo_id: str, album_ids: Sequence[str]) -> None:
        if album_ids:
            known = [_known_id(album_id, "ImageAddToAlbum") for album_id in album_ids]
            self._client.image_add_to_album(photo_id, known)

    def remove_from_albums(self, photo_id: str, album_ids: Sequence[str]) -> None:
        known = [_known_id(album_id, "ImageRemoveFromAlbum") for album_id in album_ids]
        for start in range(0, len(known), MAX_ALBUMS_TO_REMOVE_FROM):
            self._client.image_remove_from_album(photo_id, known[start : start + MAX_ALBUMS_TO_REMOVE_FROM])

    def count_view(self, photo_id: str) -> None:
        """Refused unless the account is an administrator's."""
        self._client.image_notify_view(photo_id)

    def tags(self) -> Sequence[str]:
        return self.tags_of("")

    # --- Everybody's photos ---

    def photos_by_tags(
        self, tags: Sequence[str], *, username: str = "", adult: bool = False, order: str = ""
    ) -> Listing[Photo]:
        return self._photos(
            lambda page: self._client.image_get_list_by_tags(
                tags, page=page, order=ORDERS.get(order, ""), m18=adult or None, username=username
            )
        )

    def search(
        self, terms: Sequence[str], *, date_from: date | None = None, date_to: date | None = None
    ) -> Listing[Photo]:
        words = [word for term in terms for word in term.replace(",", " ").split()]
        if not words:
            return Listing(lambda page: Page(items=(), number=page, page_count=1, total=0))
        return self._photos(
            lambda page: self._client.image_get_list_by_search(
                words,
                page=page,
                date_from=date_from.isoformat() if date_from else "",
                date_to=date_to.isoformat() if date_to else "",
            )
        )

    def highlighted_albums(self) -> Listing[Album]:
        return self._albums(lambda page: self._client.album_get_list_by_highlighted(page=page))

    def highlighted_people(self) -> Listing[Profile]:
        return converted(
            lambda page: self._client.user_get_list_by_highlighted(page=page),
            lambda user: to_profile(user, self._addresses),
        )

    def highlighted_tags(self) -> Sequence[str]:
        return self._client.tags_get_list_by_highlighted()

    def profile(self, username: str) -> Profile:
        return to_profile(self._client.user_details(username), self._addresses)

    def albums_of(self, username: str) -> Listing[Album]:
        return self._albums(lambda page: self._client.album_get_list_by_user(username, page=page))

    def photos_of(self, username: str) -> Listing[Photo]:
        return self._photos(lambda page: self._client.image_get_list_by_user(username, page=page))

    def photos_of_album(self, username: str, album_id: str, *, password: str = "") -> Listing[Photo]:
        def ask(page: int) -> Page[records.Image]:
            known = _known_id(album_id, "ImageGetListByUserAlbum")
            return self._client.image_get_list_by_user_album(known, username, password=password, page=page)

        return self._photos(ask, (album_id,))

    def tags_of(self, username: str) -> Sequence[str]:
        return self._client.user_get_tags(username)

    def public_photo(self, remote_id: str) -> Photo:
        return to_photo(self._client.image_details(remote_id), self._addresses)

    # --- How ---

    def _photos(
        self, ask: Callable[[int], Page[records.Image]], albums: Sequence[str] | None = None
    ) -> Listing[Photo]:
        """`albums`: those in which every photo of this list lies; None when nothing is known of that."""

        def convert(image: records.Image) -> Photo:
            photo = to_photo(image, self._addresses)
            is_told = albums is None or (photo.album_ids is not None and not albums)
            return photo if is_told else _in_albums(photo, albums or ())

        return converted(ask, convert)

    def _albums(self, ask: Callable[[int], Page[records.Album]]) -> Listing[Album]:
        return converted(ask, lambda album: to_album(album, self._addresses))

    def _own_image(self, uid: str) -> records.Image:
        """Raises NotFound for somebody else's: the service shows public photos to everybody."""
        image = self._client.image_details(uid)
        self._username = self._username or self._client.user_details().username
        if image.user is not None and image.user.username.lower() != self._username.lower():
            raise NotFound("not of this account", provider=PROVIDER, operation="ImageDetails", code="foreign")
        return image

    def _image_or_none(self, uid: str) -> records.Image | None:
        try:
            return self._client.image_details(uid)
        except NotFound:
            return None


def _known_id(album_id: str, operation: str) -> str:
    """An id as the schema types it; anything else cannot exist there, so it is not asked for."""
    if album_id.isascii() and album_id.isdigit() and int(album_id[:20]) <= _LARGEST_ID:
        return album_id
    raise NotFound("no such id", provider=PROVIDER, operation=operation, code="not_found")


def _in_albums(photo: Photo, album_ids: Sequence[str]) -> Photo:
    """The photo, which lies at least in these albums."""
    return replace(photo, album_ids=tuple(dict.fromkeys([*(photo.album_ids or ()), *album_ids])))


SERVICE = ServiceKind(
    id=PROVIDER,
    name="SAPO Fotos",
    letter="S",
    tone=Tone.LEAF,
    media_types=tuple(dict.fromkeys(MEDIA_TYPES.values())),
    service=SapoPhotos,
    open=SapoPhotos,
    upload_policy=POLICY,
)
