"""The two generations of the photo feed as RSS elements (docs/protocols/sapo.md, feeds).

Old: title in CDATA, `fotoURL`, a link with an attribute. New: plain title and link, a guid. Both
carry the media elements, which readers of the old one ignore. Texts that the live service
wrote stand here as it wrote them, in Portuguese.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from django.utils.html import format_html
from lxml import etree

from providers.sapo.protocol import FEED_NAMESPACES, FEED_PAGE_SIZE
from providers.sapo.server.endpoints import ServerUrls
from providers.sapo.server.media import View, view_urls
from providers.sapo.server.models import Image
from providers.sapo.server.public_photos import PublicPhotos
from providers.xml import Element, clean

# Elements whose text stands in a CDATA section, by generation.
OLD_CDATA = frozenset({"item/title", "item/description"})
NEW_CDATA = frozenset({"item/description"})


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of a feed. `path` is the feed's own URL without its query."""

    photos: PublicPhotos
    page: int
    is_new: bool
    path: str
    urls: ServerUrls

    @property
    def self_url(self) -> str:
        """The feed's URL with only the parameters that count, so that no key in the request is repeated."""
        person, tag = self.photos.person, self.photos.tag
        parameters = {
            "u": person.username if person else "",
            "tag": tag,
            "page": self.page if self.page > 1 else "",
        }
        parameters["m18"] = "true" if self.photos.with_adult else ""
        query = urlencode({name: value for name, value in parameters.items() if value})
        return f"{self.path}?{query}" if query else self.path

    def rss(self, images: Sequence[Image]) -> Element:
        """The whole feed, with `images` as its items."""
        root = etree.Element("rss", nsmap=FEED_NAMESPACES)
        root.set("version", "2.0")
        channel = etree.SubElement(root, "channel")
        self._describe(channel)
        for image in images:
            channel.append(_Item(image, self.urls, self.is_new).element)
        return root

    def _describe(self, channel: Element) -> None:
        title, description, link = self._words()
        now = rfc_822(datetime.now(UTC))
        _text(channel, "title", title)
        _text(channel, "link", link)
        _text(channel, "description", description)
        _text(channel, "language", "pt")
        _text(channel, "pubDate", now)
        _text(channel, "lastBuildDate", now)
        _text(channel, "generator", "Pomar")
        _text(channel, "ttl", "")
        _text(channel, "fh:incremental", "")
        _text(channel, "atom:link", "", href=self.self_url, rel="self", type="application/rss+xml")
        _text(channel, "openSearch:totalResults", str(self.photos.total()))
        _text(channel, "openSearch:startIndex", str((self.page - 1) * FEED_PAGE_SIZE + 1))
        _text(channel, "openSearch:itemsPerPage", str(FEED_PAGE_SIZE))

    def _words(self) -> tuple[str, str, str]:
        """(title, description, link)."""
        tag, person, urls = self.photos.tag, self.photos.person, self.urls
        if person is None and tag:
            return (
                f'SAPO Fotos: Fotos com a tag "{tag}"',
                f'Lista de fotos marcadas com a tag "{tag}"',
                urls.tag(tag),
            )
        if person is None:
            return "SAPO Fotos: Fotos públicas", "Lista de fotos públicas", f"{urls.base_url}/fotos/"
        name, link = person.username, urls.gallery(person.username)
        if tag:
            return (
                f'SAPO Fotos: Fotos de {name} com a tag "{tag}"',
                f'Lista de fotos de {name} marcadas com a tag "{tag}"',
                link,
            )
        return f"SAPO Fotos: Fotos de {name}", f"Lista de fotos de {name}", link


def rfc_822(moment: datetime) -> str:
    """`Wed, 24 Jul 2013 08:00:00 +0000`."""
    return format_datetime(moment.astimezone(UTC))


def _text(parent: Element, name: str, text: str, **attributes: str) -> Element:
    prefix, colon, local = name.partition(":")
    child = etree.SubElement(parent, f"{{{FEED_NAMESPACES[prefix]}}}{local}" if colon else name)
    for key, value in attributes.items():
        child.set(key, clean(value))
    child.text = clean(text) or None
    return child


def _cdata(parent: Element, name: str, text: str) -> None:
    child = _text(parent, name, text)
    # A text that would end the section is escaped instead, which means the same to a reader.
    if child.text and "]]>" not in child.text:
        child.text = etree.CDATA(child.text)


class _Item:
    """One photo of a feed."""

    def __init__(self, image: Image, urls: ServerUrls, is_new: bool) -> None:
        self._image = image
        self._urls = urls
        self._page = urls.photo(image.owner.username, image.uid)
        self._original, *self._small = view_urls(image, urls.base_url)
        self.element = etree.Element("item")
        if is_new:
            _text(self.element, "title", image.title)
            _text(self.element, "link", self._page)
            _text(self.element, "guid", self._page, isPermaLink="true")
        else:
            _cdata(self.element, "title", image.title)
            # Readers of the JSON form look for link.value: the live link had some attribute.
            _text(self.element, "link", self._page, rel="alternate")
            _text(self.element, "fotoURL", self._original.url)
        _cdata(self.element, "description", self._html())
        _text(self.element, "pubDate", rfc_822(image.created_at))
        self._add_media()

    def _html(self) -> str:
        normal = next(view for view in self._small if view.size == "normal")
        name = self._image.owner.username
        return format_html(
            '<h3>Autor: {}</h3>\n<h4>{}</h4>\n<a href="{}">\n  <img src="{}" border="0" />\n</a>\n'
            '<p>{}</p>\n<a href="{}">Ver mais fotos de {}</a>',
            name,
            clean(self._image.title),
            self._page,
            normal.url,
            clean(self._image.synopse),
            self._urls.gallery(name),
            name,
        )

    def _add_media(self) -> None:
        item, image = self.element, self._image
        _text(item, "sapoFotos:uid", image.uid)
        _text(item, "media:title", image.title)
        _text(item, "media:description", image.synopse, type="plain")
        _text(item, "media:keywords", ", ".join(filter(None, image.tags.split(","))))
        _text(item, "media:credit", image.owner.username, role="author", scheme="urn:ebu")
        rating = "adult" if image.is_adult else "nonadult"
        _text(item, "media:rating", rating, scheme="urn:simple")
        _text(item, "media:hash", image.md5, algo="md5")
        _text(item, "media:content", "", **_sized(self._original), medium="image")
        for view in self._small:
            _text(item, "media:thumbnail", "", **_sized(view))


def _sized(view: View) -> dict[str, str]:
    return {"url": view.url, "width": str(view.request_width), "height": str(view.request_height)}
