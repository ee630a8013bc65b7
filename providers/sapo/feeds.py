"""Reading the public feeds, in XML or JSON, of either generation (docs/protocols/sapo.md, Feeds).

They need no credentials and hold public photos only. This site does not read them; the reader is offered to
other programs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlencode

from providers.client.http import Http
from providers.sapo.protocol import PHOTOS_PATH
from providers.sapo.protocol_tables import FEED_PAGE, FEED_TAG, FEED_USER, FEEDS
from providers.sapo.responses import Responses, Tree, local, text_of, unreadable
from providers.xml import Element, local_name, parse


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One photo of a feed. The old generation tells no uid, tags, author or sizes."""

    title: str
    page_url: str
    image_url: str
    description_html: str
    published_at: datetime | None
    uid: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    is_adult: bool = False
    thumbnail_urls: tuple[str, ...] = ()


def read_feed(
    http: Http, api_url: str, feed: str = "RSS", *, username: str = "", tag: str = "", page: int = 1
) -> Sequence[FeedEntry]:
    """The newest public photos of a person, with a tag, of both or of everybody; `feed` is one of FEEDS."""
    if feed not in FEEDS:
        raise ValueError(f"no such feed: {feed}")
    fields = {FEED_USER: username, FEED_TAG: tag, FEED_PAGE: str(page) if page > 1 else ""}
    query = urlencode({name: value for name, value in fields.items() if value}, quote_via=quote)
    reply = http.get(feed, f"{api_url}{PHOTOS_PATH}/{feed}{'?' if query else ''}{query}")
    root, content = Responses().root(reply, feed, writes=False)
    if root != "rss" or not isinstance(content, dict):
        raise unreadable("not a feed", feed, reply, writes=False)
    if reply.body.lstrip()[:1] == b"<":
        content = _with_attributes(parse(reply.body))
    channel = content.get("channel")
    return [_entry(item) for item in _list(local(channel, "item"))]


def _with_attributes(element: Element) -> Tree:
    """An element as the service's rule turns it into JSON; feeds keep their data in attributes too."""
    if len(element) == 0 and not element.attrib:
        return element.text or None
    tree: dict[str, Tree] = dict(element.attrib)
    if len(element) == 0 and element.text:
        tree["value"] = element.text
    for child in element:
        name = f"{child.prefix}:{local_name(child)}" if child.prefix else local_name(child)
        tree[name] = (
            [*_list(tree[name]), _with_attributes(child)] if name in tree else _with_attributes(child)
        )
    return tree


def _entry(item: Tree) -> FeedEntry:
    images = [_address(image) for image in _list(local(item, "content"))]
    keywords = text_of(local(item, "keywords")).split(",")
    return FeedEntry(
        title=text_of(item.get("title")),
        page_url=text_of(item.get("link")),
        image_url=text_of(local(item, "fotoURL")) or next(iter(images), ""),
        description_html=text_of(item.get("description")),
        published_at=_date(text_of(item.get("pubDate"))),
        uid=text_of(local(item, "uid")),
        author=text_of(local(item, "credit")),
        tags=tuple(tag.strip() for tag in keywords if tag.strip()),
        is_adult=text_of(local(item, "rating")) == "adult",
        thumbnail_urls=tuple(_address(image) for image in _list(local(item, "thumbnail"))),
    )


def _address(image: Tree) -> str:
    return text_of(image.get("url")) if isinstance(image, dict) else ""


def _list(found: Tree) -> list[Tree]:
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _date(rfc822: str) -> datetime | None:
    try:
        return parsedate_to_datetime(rfc822).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
