"""Photos and albums as public pages show them: strings and URLs of this same site."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers.sapo.server.endpoints import ServerUrls
from providers.sapo.server.media import view_urls
from providers.sapo.server.models import Album, Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One photo or album in a list. `src` is "" where there is no picture to show."""

    url: str
    src: str
    srcset: str
    name: str
    facts: str = ""


def path_of(url: str) -> str:
    """A URL of this site without its host: pages may show pictures of their own site only."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def picture_path(image: Image, urls: ServerUrls, size: str) -> str:
    """The path of one of the photo's pictures, by the size's name."""
    return path_of(next(view.url for view in view_urls(image, urls.base_url) if view.size == size))


def photo_cards(images: Iterable[Image], urls: ServerUrls) -> list[Card]:
    return [
        Card(
            url=path_of(urls.photo(image.owner.username, image.uid)),
            src=picture_path(image, urls, "500x500"),
            srcset=f"{picture_path(image, urls, '260x260')} 260w, "
            f"{picture_path(image, urls, '500x500')} 500w",
            name=image.title or _("Untitled"),
        )
        for image in images
    ]


def album_cards(albums: Iterable[Album], urls: ServerUrls) -> list[Card]:
    """`owner` of each album is read."""
    return [
        Card(
            url=path_of(urls.album(album.owner.username, album.number)),
            src="" if album.sealed_password else path_of(urls.cover(album.owner.username, album.number)),
            srcset="",
            name=album.title,
            facts=(
                _("Needs a password")
                if album.sealed_password
                else ngettext("%(count)d photo", "%(count)d photos", album.safe_count)
                % {"count": album.safe_count}
            ),
        )
        for album in albums
    ]
