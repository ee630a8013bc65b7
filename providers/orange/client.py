"""The Orange Personal Photos API, spoken strictly and understood leniently (docs/protocols/orange.md)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote, urlencode

from providers import xml
from providers.client.http import Http, Reply
from providers.contract.errors import OutcomeUnknown, ProtocolError, ProviderError
from providers.orange.failures import Failures
from providers.orange.protocol import Action, Parameter

_ACCEPT = {"Accept": "text/xml"}
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlbumAnswer:
    """An <album>. GetAlbumsList tells the counts and no date, the others the date and no count."""

    cyphered_id: str
    title: str
    created_ms: int | None
    media_count: int | None
    guest_count: int | None
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaObjectAnswer:
    """A <mediaObject>. `created_ms` in milliseconds since 1970 UTC; a number that does not parse is None."""

    cyphered_id: str
    title: str
    created_ms: int | None
    filename: str
    byte_size: int | None
    media_type: str
    width: int | None
    height: int | None
    base_url: str
    raw: str


class OrangeClient:
    """One account: the endpoint's whole address, the service's id and password, the user token."""

    def __init__(self, http: Http, url: str, service: tuple[str, str], token: str) -> None:
        self._http = http
        self._url = url
        self._service = service
        self._token = token
        self._failures = Failures((token, quote(token, safe=""), service[1]))

    def get_albums_list(self) -> Iterator[AlbumAnswer]:
        """Wire 7.1. The whole list: there is no paging."""
        root = self._get(Action.GET_ALBUMS_LIST, {})
        albums = self._expected(Action.GET_ALBUMS_LIST, root, "albums")
        return (self._album(Action.GET_ALBUMS_LIST, node) for node in xml.children(albums, "album"))

    def create_album(self, title: str) -> AlbumAnswer:
        """Wire 7.2. Makes an album each time it is called, by GET: never to be repeated blindly."""
        operation = Action.CREATE_ALBUM
        reply = self._http.get(
            operation,
            self._address(operation, {Parameter.TITLE: title}),
            headers=_ACCEPT,
            auth=self._service,
            writes=True,
        )
        root = self._understood(operation, reply, writes=True)
        return self._album(operation, self._expected(operation, root, "album"))

    def get_album(self, album_id: str) -> AlbumAnswer:
        """Wire 7.3."""
        root = self._get(Action.GET_ALBUM, {Parameter.ALBUM: album_id})
        return self._album(Action.GET_ALBUM, self._expected(Action.GET_ALBUM, root, "album"))

    def get_media_objs_list(self, album_id: str) -> Iterator[MediaObjectAnswer]:
        """Wire 7.4. Read as it comes: an album may hold a hundred thousand."""
        operation = Action.GET_MEDIA_OBJS_LIST
        address = self._address(operation, {Parameter.ALBUM: album_id})
        reply = self._http.get_long(operation, address, headers=_ACCEPT, auth=self._service)
        stream = xml.ElementStream(reply.blocks, "mediaObject")
        try:
            for node in stream:
                yield self._media_object(operation, node)
        except xml.XmlError:
            raise self._failures.unreadable(operation, reply.status) from None
        self._failures.raise_for_error(operation, stream.root, reply.status)
        self._expected(operation, stream.root, "mediaObjects")

    def get_media_obj(self, media_id: str) -> MediaObjectAnswer:
        """Wire 7.5."""
        operation = Action.GET_MEDIA_OBJ
        root = self._get(operation, {Parameter.MEDIA_OBJECT: media_id})
        return self._media_object(operation, self._expected(operation, root, "mediaObject"))

    def add_media_obj(
        self, album_id: str, title: str, filename: str, media_type: str, file: BinaryIO, byte_size: int
    ) -> str:
        """Wire 7.6. "" for the album is the inbox. The new picture where the answer names it, else ""."""
        operation = Action.ADD_MEDIA_OBJ
        fields = [(Parameter.ACTION, operation.value)]
        fields += [(Parameter.ALBUM, album_id)] if album_id else []
        fields += [(Parameter.FILE_TITLE, title), (Parameter.TOKEN, self._token)]
        reply = self._http.post_file(
            operation,
            self._url,
            fields=[(name.value, value) for name, value in fields],
            file_field=Parameter.FILE,
            filename=filename,
            media_type=media_type,
            file=file,
            byte_size=byte_size,
            auth=self._service,
        )
        # 3201, 3205 or anything else that is no error (orange.md 10.6).
        return _named_picture(self._understood(operation, reply, writes=True))

    def _address(self, action: Action, parameters: dict[str, str]) -> str:
        query: dict[str, str] = {Parameter.ACTION: action, **parameters, Parameter.TOKEN: self._token}
        return f"{self._url}?{urlencode(query, quote_via=quote, safe='')}"

    def _get(self, action: Action, parameters: dict[str, str]) -> xml.Element:
        address = self._address(action, parameters)
        return self._understood(action, self._http.get(action, address, headers=_ACCEPT, auth=self._service))

    def _understood(self, operation: Action, reply: Reply, *, writes: bool = False) -> xml.Element:
        """The <action> of an answer that is no error; its content decides, whatever the HTTP status."""
        try:
            root = xml.parse(reply.body)
            self._failures.raise_for_error(operation, root, reply.status)
        except xml.XmlError:
            error = self._failures.unreadable(operation, reply.status)
        except ProtocolError as told:
            if told.code:  # an error that the service named is an answer all the same
                raise
            error = told
        else:
            return root
        raise self._after_write(error) if writes else error

    @staticmethod
    def _after_write(error: ProviderError) -> ProviderError:
        """Nobody knows what a page in the place of an answer says about a file that had gone out."""
        if not isinstance(error, ProtocolError):
            return error
        return OutcomeUnknown(error.message, provider=error.provider, operation=error.operation)

    def _expected(self, operation: Action, root: xml.Element, name: str) -> xml.Element:
        found = xml.child(root, name)
        if found is None:
            raise self._failures.error(ProtocolError, operation, f"an answer without <{name}>")
        return found

    def _album(self, operation: Action, node: xml.Element) -> AlbumAnswer:
        return AlbumAnswer(
            cyphered_id=self._id(operation, node),
            title=xml.child_text(node, "title"),
            created_ms=_moment_ms(xml.child_text(node, "creationDate")),
            media_count=_count(node, "mediaObjects"),
            guest_count=_count(node, "guests"),
            raw=xml.source(node),
        )

    def _media_object(self, operation: Action, node: xml.Element) -> MediaObjectAnswer:
        address = xml.child_text(node, "baseUrl") or xml.child_text(node, "baseURL")
        return MediaObjectAnswer(
            cyphered_id=self._id(operation, node),
            title=xml.child_text(node, "title"),
            created_ms=_moment_ms(xml.child_text(node, "creationDate")),
            filename=xml.child_text(node, "filename"),
            byte_size=_number(xml.child_text(node, "filesize")),
            media_type=xml.child_text(node, "mimeType").lower(),
            width=_number(xml.child_text(node, "width")),
            height=_number(xml.child_text(node, "height")),
            base_url="".join(address.split()),  # the document's samples break it across lines
            raw=xml.source(node),
        )

    def _id(self, operation: Action, node: xml.Element) -> str:
        cyphered_id = str(node.get("cypheredId", "")).strip()
        if not _ID.fullmatch(cyphered_id):
            raise self._failures.error(ProtocolError, operation, "something without a usable cypheredId")
        return cyphered_id


def _named_picture(root: xml.Element) -> str:
    """An answer with anything but one usable picture in it is a yes that names none (orange.md 7.6)."""
    named = [str(node.get("cypheredId", "")).strip() for node in xml.children(root, "mediaObject")]
    return named[0] if len(named) == 1 and _ID.fullmatch(named[0]) else ""


def _count(node: xml.Element, name: str) -> int | None:
    found = xml.child(node, name)
    return None if found is None else _number(found.get("count", ""))


def _number(text: str) -> int | None:
    """What does not parse is as good as absent (orange.md 6)."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _moment_ms(text: str) -> int | None:
    """Before 1970 it is below zero."""
    digits = _number(text.strip().removeprefix("-"))
    return -digits if digits is not None and text.strip().startswith("-") else digits
