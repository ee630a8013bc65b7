"""A SAPO Fotos account as a photo service: the verbs that the gallery knows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from providers.contract.accepts import Accepts, check
from providers.contract.entities import Album, Collection, Draft, Photo, Ticket, UploadForm, Visibility
from providers.contract.errors import NotFound, Refused
from providers.contract.paging import Listing, converted
from providers.registry import ServiceKind, Tone
from providers.sapo import records
from providers.sapo.client import CreatedImage
from providers.sapo.connection import upload_url
from providers.sapo.conversion import to_album, to_collection, to_photo
from providers.sapo.policy import POLICY
from providers.sapo.protocol import MAX_ALBUMS_TO_REMOVE_FROM, MEDIA_TYPES, UPLOAD_TOKEN_SECONDS
from providers.sapo.public_photos import PublicPhotos, in_albums, known_id
from providers.sapo.responses import PROVIDER
from providers.sapo.upload import FILE_FIELD, form_fields, post_picture

# So much earlier than the service we call a ticket dead: a file takes time on its way.
_TICKET_MARGIN = timedelta(seconds=60)
ACCEPTS = Accepts(
    fields=frozenset({"title", "subtitle", "description", "tags", "album_id", "is_adult"}),
    media_types=tuple(dict.fromkeys(MEDIA_TYPES.values())),
    visibilities=frozenset(Visibility),
)


class SapoPhotos(PublicPhotos):
    """One account, with all that its owner may do."""

    # --- Albums and photos ---

    def albums(self) -> Iterator[Album]:
        yield from self.albums_of("")

    def photos(self, album_id: str) -> Iterator[Photo]:
        yield from self.photos_of_album("", album_id)

    def newest(self) -> Listing[Photo]:
        return self._photos(lambda page: self._client.image_get_list_by_user(page=page), ())

    def create_album(self, title: str) -> Album:
        return self.create_described_album(title, description="")

    def create_described_album(self, title: str, *, description: str) -> Album:
        return self.create_closed_album(title, password="", description=description)

    def create_closed_album(self, title: str, *, password: str, description: str = "") -> Album:
        made = self._client.album_create(title, description=description, password=password)
        return to_album(made, self._addresses)

    def collections(self) -> Iterator[Collection]:
        listing = converted(
            lambda page: self._client.collection_get_list_by_user(page=page),
            lambda collection: to_collection(collection, self._addresses),
        )
        yield from listing

    def collection_albums(self, collection_id: str) -> Iterator[Album]:
        known = known_id(collection_id, "AlbumGetListByCollection")
        yield from self._albums(lambda page: self._client.album_get_list_by_collection(known, page=page))

    # --- Uploads ---

    def begin_upload(self, draft: Draft, callback_url: str) -> Ticket:
        """Reserve a photo that stays pending until its file came. Raises NotFound for an unknown album.

        OutcomeUnknown here means a pending photo at worst, which nobody ever sees.
        """
        check(draft, ACCEPTS, PROVIDER)
        if draft.album_id:
            self._client.image_get_list_by_user_album(known_id(draft.album_id, "begin_upload"))
        created = self._reserve(draft)
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

    def _reserve(self, draft: Draft) -> CreatedImage:
        """Raises Refused, with the place given back, when the service would show it to more people."""
        created = self._client.image_create(
            title=draft.title,
            subtitle=draft.subtitle,
            synopse=draft.description,
            tags=draft.tags,
            m18=draft.is_adult or None,
            active=None if draft.visibility is None else draft.visibility is not Visibility.PRIVATE,
            password=draft.password,
        )
        if _is_wider(created.image, draft.visibility):
            self._client.image_delete(created.image.uid)
            raise Refused(
                "shown to more people than asked for",
                provider=PROVIDER,
                operation="ImageCreate",
                code="visibility",
            )
        return created

    def send_upload(self, ticket: Ticket, draft: Draft, file: BinaryIO) -> str:
        """The photo that it becomes was named when its place was reserved."""
        fields = form_fields(ticket.data["token"], ticket.data.get("callback_url", ""))
        post_picture(self._http, upload_url(self._app), fields, draft, file)
        return ticket.data["uid"]

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
        return in_albums(photo, [album_id])

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
            known = [known_id(album_id, "ImageAddToAlbum") for album_id in album_ids]
            self._client.image_add_to_album(photo_id, known)

    def remove_from_albums(self, photo_id: str, album_ids: Sequence[str]) -> None:
        known = [known_id(album_id, "ImageRemoveFromAlbum") for album_id in album_ids]
        for start in range(0, len(known), MAX_ALBUMS_TO_REMOVE_FROM):
            self._client.image_remove_from_album(photo_id, known[start : start + MAX_ALBUMS_TO_REMOVE_FROM])

    def count_view(self, photo_id: str) -> None:
        """Refused unless the account is an administrator's."""
        self._client.image_notify_view(photo_id)

    def tags(self) -> Sequence[str]:
        return self.tags_of("")

    # --- How ---

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


def _is_wider(image: records.Image, visibility: Visibility | None) -> bool:
    """Whether the answer does not say that the photo is as closed as was asked for."""
    if visibility is Visibility.PRIVATE:
        return image.active is not False
    return visibility is Visibility.PASSWORD and not image.password


SERVICE = ServiceKind(
    id=PROVIDER,
    name="SAPO Fotos",
    letter="S",
    tone=Tone.LEAF,
    accepts=ACCEPTS,
    service=SapoPhotos,
    open=SapoPhotos,
    upload_policy=POLICY,
)
