"""The entities as fields of the wire, in schema order (docs/protocols/sapo.md, 1.4 and 2.4).

"" becomes an empty element (`null` in JSON), None is left out. What others may not know (passwords)
is empty for them. Each response has the fields that the live service sent; those that it left out although
the schema has them (an image's id, a view's actual size) are in ImageEdit, of which no response is on record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from providers.sapo.protocol import PAGE_SIZE
from providers.sapo.protocol_tables import ORIGINAL_LETTER, ORIGINAL_SIZE, VIEW_BOXES, ViewBox
from providers.sapo.server.auth.keys import unseal
from providers.sapo.server.endpoints import ServerUrls
from providers.sapo.server.media import picture_marks, picture_path, view_urls
from providers.sapo.server.models import Album, Collection, Comment, Image, Person
from providers.sapo.server.wire.dates import date_text
from providers.sapo.server.wire.fields import Field, MaybeField, Serialized, field


def text_of(value: bool) -> str:
    return "true" if value else "false"


class Placement(NamedTuple):
    """An album that holds a photo, as responses about the photo name it."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class PageInfo:
    number: int
    total: int


def result_field(*, ok: bool = True, description: str | None = None, page: PageInfo | None = None) -> Field:
    """A Result; a list's has its page and the total."""
    counts: list[Field] = []
    if page is not None:
        counts = [
            ("total", str(page.total)),
            ("page", str(page.number)),
            ("totalPages", str(-(-page.total // PAGE_SIZE))),
            ("perPage", str(PAGE_SIZE)),
        ]
    return field("result", [*counts, ("ok", text_of(ok)), ("description", description)])


class Encoder:
    """Makes fields for one caller, who sees more of what is theirs. `as_json`: how they are serialized."""

    def __init__(self, urls: ServerUrls, viewer: Person | None, *, as_json: bool) -> None:
        self.urls = urls
        self.as_json = as_json
        self._viewer_id = None if viewer is None else viewer.pk

    def short_user(self, person: Person) -> Field:
        """Whose a photo or album is."""
        name = person.username
        fields = [
            ("username", name),
            ("avatar", self.urls.avatar(name)),
            ("url", self.urls.profile(name)),
        ]
        return field("user", fields)

    def user(self, person: Person) -> Field:
        """An account as UserDetails has it: neither id nor e-mail."""
        is_own = person.pk == self._viewer_id
        name = person.username
        fields = [
            ("active", text_of(person.is_active)),
            ("banned", text_of(person.is_banned)),
            ("creationDate", date_text(person.created_at)),
            ("lastLogin", date_text(person.last_login_at) or ""),
            ("username", name),
            ("avatar", self.urls.avatar(name)),
            ("url", self.urls.profile(name)),
            ("imageCount", str(person.image_count if is_own else person.safe_count)),
            ("albumCount", str(person.album_count)),
        ]
        return field("user", fields)

    def new_user(self, person: Person) -> Field:
        """An account as UserCreate returns it to whoever opened it: everything."""
        name = person.username
        fields = [
            ("id", str(person.pk)),
            ("active", text_of(person.is_active)),
            ("banned", text_of(person.is_banned)),
            ("commentCaptcha", text_of(person.comment_captcha)),
            ("commentModerate", text_of(person.comment_moderate)),
            ("commentNotify", text_of(person.comment_notify)),
            ("creationDate", date_text(person.created_at)),
            ("email", person.email),
            ("lastLogin", date_text(person.last_login_at) or ""),
            ("partner", text_of(person.is_partner)),
            ("uploadMail", person.upload_mail),
            ("username", name),
            ("viewAll", text_of(person.views_all)),
            ("avatar", self.urls.avatar(name)),
            ("url", self.urls.profile(name)),
            ("imageCount", str(person.image_count)),
            ("albumCount", str(person.album_count)),
        ]
        return field("user", fields)

    def album(self, album: Album, owner: Person, *, is_new: bool = False, with_user: bool = False) -> Field:
        """`is_new`: as AlbumCreate returns it, which adds owner and user."""
        fields: list[MaybeField] = [
            ("id", str(album.number)),
            ("ownerId", str(owner.pk) if is_new else None),
            ("active", text_of(album.is_active)),
            ("password", self._password(album.sealed_password, owner, "album", f"{owner.pk}/{album.number}")),
            ("creationDate", date_text(album.created_at)),
            ("description", album.description),
            ("title", album.title),
            ("url", self.urls.album(owner.username, album.number)),
            ("user", self.short_user(owner)[1] if is_new or with_user else None),
            ("cover", self.urls.cover(owner.username, album.number)),
        ]
        return field("album", fields)

    def collection(self, collection: Collection, owner: Person) -> Field:
        fields: list[MaybeField] = [
            ("id", str(collection.pk)),
            ("active", text_of(collection.is_active)),
            ("creationDate", date_text(collection.created_at)),
            ("description", collection.description),
            ("title", collection.title),
            self.short_user(owner),
            ("code", collection.code),
            ("cover", self.urls.collection_cover(owner.username, collection.pk)),
            ("url", self.urls.collection(owner.username, collection.pk)),
        ]
        return field("collection", fields)

    def new_image(self, image: Image) -> Field:
        """A photo as ImageCreate returns it: no pictures yet."""
        fields = [
            *self._facts(image, rating=image.rating),
            *self._flags(image),
            self.short_user(image.owner),
            ("visualizations", str(image.visualizations)),
        ]
        return field("image", fields)

    def listed_image(self, image: Image, albums: Sequence[Placement], *, with_user: bool) -> Field:
        """A photo as lists have it; those of one person leave the user out."""
        return self._image(image, albums, [], with_user=with_user)

    def image(self, image: Image, albums: Sequence[Placement], comments: Iterable[Comment]) -> Field:
        """A photo as ImageDetails returns it."""
        return self._image(image, albums, [_comment(comment) for comment in comments], with_user=True)

    def edited_image(self, image: Image, albums: Sequence[Placement], comments: Iterable[Comment]) -> Field:
        """A photo as ImageEdit returns it to its owner: with every field of the schema."""
        fields = [_comment(comment) for comment in comments]
        return self._image(image, albums, fields, with_user=True, is_whole=True)

    def _image(
        self,
        image: Image,
        albums: Sequence[Placement],
        comments: list[Field],
        *,
        with_user: bool,
        is_whole: bool = False,
    ) -> Field:
        is_own = image.owner_id == self._viewer_id
        places = [self._place(album, image.owner) for album in albums]
        views = self._full_views if is_whole else self._views
        fields = [
            ("id", str(image.pk) if is_whole else None),
            *self._facts(image, rating=image.rating if is_whole else None),
            ("comments", comments or None),
            *self._flags(image),
            ("format", image.format or None),
            ("albums", places or None),
            ("user", self.short_user(image.owner)[1] if with_user else None),
            ("emailFrom", image.email_from if is_own and image.email_from else None),
            ("visualizations", str(image.visualizations)),
            ("views", None if image.is_pending else views(image)),
            ("refColor", self._colour(image.ref_colour)),
            ("avgColor", self._colour(image.average_colour)),
        ]
        return field("image", fields)

    def _facts(self, image: Image, rating: str | None = None) -> list[MaybeField]:
        return [
            ("active", text_of(image.is_active)),
            ("password", self._password(image.sealed_password, image.owner, "image", image.uid)),
            ("creationDate", date_text(image.created_at)),
            ("pending", text_of(image.is_pending)),
            ("uid", image.uid),
            ("subtitle", image.subtitle),
            ("synopse", image.synopse),
            ("title", image.title),
            ("url", self.urls.photo(image.owner.username, image.uid)),
            ("rating", rating),
            ("tags", image.tags),
        ]

    @staticmethod
    def _flags(image: Image) -> list[MaybeField]:
        return [("m18", text_of(image.is_adult)), ("innapropriate", text_of(image.is_inappropriate))]

    def _password(self, sealed: str, owner: Person, kind: str, name: str) -> str:
        return unseal(sealed, kind, name) if sealed and owner.pk == self._viewer_id else ""

    def _place(self, album: Placement, owner: Person) -> Field:
        url = self.urls.album(owner.username, album.number)
        return field("album", [("id", str(album.number)), ("title", album.title), ("url", url)])

    def _full_views(self, image: Image) -> list[Field]:
        """With the true size of the original; of the others it is not known before they are made."""
        sides = {ORIGINAL_SIZE: (str(image.width), str(image.height))}
        return [
            field(
                "view",
                [
                    *zip(("actualWidth", "actualHeight"), sides.get(view.size, ()), strict=False),
                    ("requestWidth", str(view.request_width)),
                    ("requestHeight", str(view.request_height)),
                    ("url", view.url),
                    ("size", view.size),
                ],
            )
            for view in view_urls(image, self.urls.base_url)
        ]

    def _views(self, image: Image) -> Serialized:
        """Ten for each of fifty photos: serialized at once. Nothing in them needs escaping."""
        values: list[object] = [image.height, image.width] if self.as_json else [image.width, image.height]
        key = image.pk
        for mark, suffix in picture_marks(image):
            values += (mark, key, suffix)
        return (_views_template(self.urls.base_url, image.format, self.as_json) % tuple(values),)

    def _colour(self, colour: str) -> Serialized | None:
        """ "rrggbb" as a Color, serialized at once as the views are; None while it is not known."""
        try:
            red, green, blue = bytes.fromhex(colour)
        except ValueError:
            return None
        if self.as_json:
            return (f'{{"blue":"{blue}","green":"{green}","red":"{red}"}}',)
        return (f"<red>{red}</red><green>{green}</green><blue>{blue}</blue>",)


@lru_cache(maxsize=200)
def _views_template(base_url: str, kind: str, as_json: bool) -> str:
    """The ten serialized views of any photo of a format, with placeholders (`%s`) where photos differ:
    the original's sides, then the mark, the id and the suffix of each URL."""
    each = []
    for box in (ViewBox(ORIGINAL_SIZE, ORIGINAL_LETTER, 0, 0), *VIEW_BOXES):
        width, height = (box.width or "%s", box.height or "%s")
        url = f"{base_url.replace('%', '%%')}/{picture_path(box, kind, '%s', '%s', '%s')}"
        if as_json:
            content = f'"requestHeight":"{height}","requestWidth":"{width}","size":"{box.size}","url":"{url}"'
            each.append(f"{{{content}}}")
        else:
            content = f"<requestWidth>{width}</requestWidth><requestHeight>{height}</requestHeight>"
            each.append(f"<view>{content}<url>{url}</url><size>{box.size}</size></view>")
    return f'{{"view":[{",".join(each)}]}}' if as_json else "".join(each)


def _comment(comment: Comment) -> Field:
    fields = [
        ("date", date_text(comment.created_at)),
        ("nickname", comment.nickname),
        ("website", comment.website),
        ("body", comment.body),
    ]
    return field("comment", fields)
