"""Every operation of the SAPO Photos API as a typed method, over either binding (docs/protocols/sapo.md).
This site uses most of them; the others are offered to other programs.

`username` "" stands for the account itself, `page` counts from 1, `order` is a value of protocol.Order.
Besides the errors of the line, all raise ReconnectNeeded when the token is no longer good; NotFound or
Refused when the service answered that it is not ok; ProtocolError when the answer cannot be read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from providers.client.http import Reply
from providers.contract.errors import ProtocolError
from providers.contract.paging import Page
from providers.sapo.protocol import PAGE_SIZE
from providers.sapo.protocol_tables import ARRAYS, OPERATIONS, Shape
from providers.sapo.records import (
    Album,
    Collection,
    Image,
    User,
    number,
    read_album,
    read_collection,
    read_image,
    read_user,
)
from providers.sapo.responses import PROVIDER, Responses, Tree, many, text, text_of

T = TypeVar("T")
Fields = Mapping[str, Any]


class Binding(Protocol):
    """One way of sending a request, which is nested as in SOAP; `secrets` are what it sends along."""

    @property
    def secrets(self) -> Sequence[str]: ...

    def call(self, name: str, request: Fields) -> Reply: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedImage:
    """`token` opens the upload for ten minutes, once."""

    image: Image
    token: str


class SapoClient:
    """The operations of one account."""

    def __init__(self, binding: Binding) -> None:
        self._binding = binding
        self._responses = Responses(binding.secrets)

    # --- Albums and collections ---

    def album_create(
        self, title: str, *, description: str = "", password: str = "", active: bool | None = None
    ) -> Album:
        album = _filled(title=title, description=description, password=password, active=active)
        result = self._ask("AlbumCreate", {"album": album})
        return read_album(_payload(result, "album", "AlbumCreate"), "AlbumCreate")

    def album_get_list_by_collection(
        self, collection_id: str, *, username: str = "", page: int = 1, order: str = ""
    ) -> Page[Album]:
        collection = _filled(id=collection_id, user=_user(username) or None)
        request = _filled(collection=collection, page=page, orderBy=order)
        return self._list("AlbumGetListByCollection", request, page, read_album)

    def album_get_list_by_highlighted(
        self, *, page: int = 1, order: str = "", interface: str = ""
    ) -> Page[Album]:
        request = _filled(page=page, orderBy=order, intf=interface)
        return self._list("AlbumGetListByHighlighted", request, page, read_album)

    def album_get_list_by_user(
        self, username: str = "", *, page: int = 1, order: str = "", interface: str = ""
    ) -> Page[Album]:
        request = _filled(user=_user(username), page=page, orderBy=order, interface=interface)
        return self._list("AlbumGetListByUser", request, page, read_album)

    def collection_get_list_by_user(
        self, username: str = "", *, page: int = 1, order: str = ""
    ) -> Page[Collection]:
        request = _filled(user=_user(username), page=page, orderBy=order)
        return self._list("CollectionGetListByUser", request, page, read_collection)

    # --- Images ---

    def image_create(
        self,
        *,
        title: str = "",
        subtitle: str = "",
        synopse: str = "",
        tags: Sequence[str] = (),
        m18: bool | None = None,
        active: bool | None = None,
        password: str = "",
        interface: str = "",
    ) -> CreatedImage:
        """Reserve a place for a picture. A tag may hold spaces."""
        image = _filled(
            active=active,
            password=password,
            subtitle=subtitle,
            synopse=synopse,
            title=title,
            tags=join_tags(tags),
            m18=m18,
        )
        result = self._ask("ImageCreate", _filled(image=image, interface=interface))
        token = text(result, "token")
        if not token:
            raise ProtocolError("no upload token", provider=PROVIDER, operation="ImageCreate")
        return CreatedImage(
            image=read_image(_payload(result, "image", "ImageCreate"), "ImageCreate"), token=token
        )

    def image_details(self, uid: str) -> Image:
        result = self._ask("ImageDetails", {"image": {"uid": uid}})
        return read_image(_payload(result, "image", "ImageDetails"), "ImageDetails")

    def image_edit(
        self,
        uid: str,
        *,
        title: str,
        synopse: str,
        tags: Sequence[str],
        m18: bool,
        active: bool,
        password: str,
    ) -> Image:
        """Replace all of these at once: what is blank is erased there."""
        image = _filled(
            active=active,
            password=password,
            uid=uid,
            synopse=synopse,
            title=title,
            tags=join_tags(tags),
            m18=m18,
        )
        result = self._ask("ImageEdit", {"image": image})
        return read_image(_payload(result, "image", "ImageEdit"), "ImageEdit")

    def image_delete(self, uid: str) -> None:
        self._ask("ImageDelete", {"image": {"uid": uid}})

    def image_add_to_album(self, uid: str, album_ids: Sequence[str], *, interface: str = "") -> None:
        request = _filled(image=_image_with_albums(uid, album_ids), interface=interface)
        self._ask("ImageAddToAlbum", request)

    def image_remove_from_album(self, uid: str, album_ids: Sequence[str]) -> None:
        """At most protocol.MAX_ALBUMS_TO_REMOVE_FROM albums at once."""
        self._ask("ImageRemoveFromAlbum", {"image": _image_with_albums(uid, album_ids)})

    def image_notify_view(self, uid: str, *, value: int = 1, kind: str = "") -> None:
        """Only for administrators of the service."""
        self._ask("ImageNotifyView", _filled(value=value, type=kind, image={"uid": uid}))

    def image_get_list_by_search(
        self,
        terms: Sequence[str],
        *,
        page: int = 1,
        interface: str = "",
        date_from: str = "",
        date_to: str = "",
    ) -> Page[Image]:
        """Dates as yyyy-mm-dd. A term holds neither comma nor space."""
        request = _filled(
            page=page, interface=interface, terms={"string": list(terms)}, dateFrom=date_from, dateTo=date_to
        )
        return self._list("ImageGetListBySearch", request, page, read_image)

    def image_get_list_by_tags(
        self,
        tags: Sequence[str],
        *,
        page: int = 1,
        order: str = "",
        m18: bool | None = None,
        username: str = "",
        interface: str = "",
    ) -> Page[Image]:
        request = _filled(
            tags={"tag": [write_tag(tag) for tag in tags]},
            page=page,
            orderBy=order,
            m18=m18,
            user=_user(username) or None,
            interface=interface,
        )
        return self._list("ImageGetListByTags", request, page, read_image)

    def image_get_list_by_user(self, username: str = "", *, page: int = 1) -> Page[Image]:
        request = _filled(page=page, user=_user(username))
        return self._list("ImageGetListByUser", request, page, read_image)

    def image_get_list_by_user_album(
        self, album_id: str, username: str = "", *, password: str = "", page: int = 1, order: str = "",
        interface: str = "",
    ) -> Page[Image]:  # fmt: skip
        album = _filled(id=album_id, password=password)
        request = _filled(user=_user(username), album=album, page=page, interface=interface, orderBy=order)
        return self._list("ImageGetListByUserAlbum", request, page, read_image)

    # --- People, tags, and whether anybody is there ---

    def user_create(self, *, email: str, username: str) -> User:
        result = self._ask("UserCreate", {"user": _filled(email=email, username=username)})
        return read_user(_payload(result, "user", "UserCreate"))

    def user_details(self, username: str = "", *, interface: str = "") -> User:
        """The schema takes `interface` for a protocol.Format."""
        result = self._ask("UserDetails", _filled(user=_user(username), interface=interface))
        return read_user(_payload(result, "user", "UserDetails"))

    def user_get_list_by_highlighted(
        self, *, page: int = 1, order: str = "", interface: str = ""
    ) -> Page[User]:
        request = _filled(page=page, orderBy=order, intf=interface)
        return self._list("UserGetListByHighlighted", request, page, lambda tree, _: read_user(tree))

    def user_get_tags(self, username: str = "", *, interface: str = "") -> tuple[str, ...]:
        result = self._ask("UserGetTags", _filled(user=_user(username), interface=interface))
        return tuple(text_of(tag) for tag in many(result, "tags", "tag") if text_of(tag))

    def tags_get_list_by_highlighted(self, *, interface: str = "") -> tuple[str, ...]:
        result = self._ask("TagsGetListByHighlighted", _filled(intf=interface))
        return tuple(text_of(tag) for tag in many(result, "tags", "tag") if text_of(tag))

    def dummy_echo(self, echo: str = "") -> str:
        """The service's clock and what was sent."""
        return text_of(self._ask("DummyEcho", _filled(echoStr=echo)))

    # --- How each of them asks ---

    def _ask(self, name: str, request: Fields) -> Tree:
        """The content of `<name>Result`, said to be ok."""
        operation = OPERATIONS[name]
        result = self._responses.content(self._binding.call(name, request), name, writes=operation.writes)
        if operation.shape is Shape.BARE_RESULT:
            self._responses.check_result(result, name)
        elif operation.shape is Shape.WRAPPED:
            inner = result.get("result") if isinstance(result, dict) else None
            # The one operation whose schema lets the result be left out.
            if inner is not None or name != "TagsGetListByHighlighted":
                self._responses.check_result(inner, name)
        return result

    def _list(self, name: str, request: Fields, page: int, read: Callable[[Tree, str], T]) -> Page[T]:
        result = self._ask(name, request)
        wrapper = next(part for part in OPERATIONS[name].result if part != "result")
        element, _ = ARRAYS[OPERATIONS[name].payload]
        items = tuple(read(tree, name) for tree in many(result, wrapper, element))
        listing = result["result"]
        total, per_page = number(listing, "total"), number(listing, "perPage") or PAGE_SIZE
        pages = number(listing, "totalPages")
        if pages is None:
            pages = page if total is None else -(-total // per_page)
        return Page(items=items, number=page, page_count=pages, total=total)


def join_tags(tags: Sequence[str]) -> str:
    """Tags as they are sent: joined by commas, `_` for a space inside one."""
    return ",".join(filter(None, map(write_tag, tags)))


def write_tag(tag: str) -> str:
    """One tag as it is sent: what would split it is taken out."""
    return "_".join(tag.replace(",", " ").replace(";", " ").split())


def _filled(**fields: Any) -> dict[str, Any]:
    """The fields that have a value; a False is one."""
    return {name: value for name, value in fields.items() if value is not None and value != ""}


def _user(username: str) -> dict[str, str]:
    return {"username": username} if username else {}


def _image_with_albums(uid: str, album_ids: Sequence[str]) -> dict[str, Any]:
    return {"uid": uid, "albums": {"album": [{"id": album_id} for album_id in album_ids]}}


def _payload(result: Tree, name: str, operation: str) -> dict[str, Tree]:
    found = result.get(name)
    if not isinstance(found, dict):
        raise ProtocolError(f"an answer without {name}", provider=PROVIDER, operation=operation)
    return found
