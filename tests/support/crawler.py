"""Follows the links of the site as a browser would: from one page to all that can be reached from it."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

HOME = "http://testserver/"
# The built-in servers have another name for the site.
_HOSTS = {"testserver", "localhost"}
# Where an address stands: what a person follows, what htmx fetches by itself, what a page is made of; and
# what waits for a button.
_FOLLOWED = "//a/@href | //area/@href | //link/@href | //img/@src | //script/@src | //*/@hx-get"
_CALLED = "//form[@method='post']/@action | //@formaction | //@hx-post"
_MOST = 2  # pages of one view with one set of query parameters: the first ones that are found


@dataclass(frozen=True)
class Link:
    """An address as it stands on the page `source`. What is `called` waits for a POST; of a page's `part`
    htmx asks."""

    url: str
    source: str = ""
    is_called: bool = False
    is_part: bool = False

    @property
    def path(self) -> str:
        return urlsplit(self.url)._replace(scheme="", netloc="", fragment="").geturl() or "/"

    @property
    def fragment(self) -> str:
        return urlsplit(self.url).fragment

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def view(self) -> str:
        """The name of the address in the router, "" where no view has it."""
        try:
            return resolve(urlsplit(self.url).path).view_name
        except Resolver404:
            return ""

    def without(self, name: str) -> "Link":
        pairs = [pair for pair in parse_qsl(urlsplit(self.url).query) if pair[0] != name]
        return replace(self, url=urlsplit(self.url)._replace(query=urlencode(pairs)).geturl())


@dataclass
class Page:
    """What a followed link led to: `url` is where, after all redirects."""

    link: Link
    status: int
    url: str
    document: Any = None  # of a page of HTML

    @property
    def base(self) -> str:
        """What addresses on it are relative to: a part lies within the page that asked for it."""
        return self.link.source if self.link.is_part else self.url

    @property
    def ids(self) -> set[str]:
        return set() if self.document is None else set(self.document.xpath("//@id"))

    @property
    def text(self) -> str:
        return "" if self.document is None else " ".join(self.document.text_content().split())

    def controls(self) -> set[tuple[str, str]]:
        """(name, value) of each field of a form, as it is filled in."""
        fields = self.document.xpath("//input | //select | //textarea")
        return {(each.get("name", ""), each.value or "") for each in fields}

    def current(self) -> set[tuple[str, str]]:
        """The query of each link that says that one is there already."""
        here = self.document.xpath("//a[@aria-current]/@href")
        return {pair for address in here for pair in Link(urljoin(self.base, address)).query.items()}


@dataclass
class Crawler:
    """As whoever `client` is. The operators' panel has more sets of parameters than anybody can follow."""

    client: Client
    ignores_queries: bool = False
    pages: list[Page] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def crawl(self, *starts: str) -> "Crawler":
        waiting = deque(Link(urljoin(HOME, start)) for start in starts)
        opened: Counter[tuple[object, ...]] = Counter()
        visited: set[tuple[str, bool]] = set()
        while waiting:
            link = waiting.popleft()
            sort = (
                link.view or link.path,
                link.is_part,
                *([] if self.ignores_queries else sorted(link.query)),
            )
            if (link.path, link.is_part) in visited or opened[sort] >= _MOST:
                continue
            visited.add((link.path, link.is_part))
            opened[sort] += 1
            page = self.open(link)
            self.pages.append(page)
            links = [] if page.document is None else list(_links_of(page))
            self.links += links
            waiting += [found for found in links if not found.is_called]
        return self

    def open(self, link: Link) -> Page:
        if link.path.startswith("/static/"):
            return Page(link, 200 if finders.find(link.path.removeprefix("/static/")) else 404, link.url)
        answer = self.client.get(link.path, headers={"HX-Request": "true"} if link.is_part else {})
        url = link.url
        while answer.has_header("Location"):
            url = urljoin(url, answer["Location"])
            if not _is_ours(url):
                return Page(link, 200, url)
            answer = self.client.get(Link(url).path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        is_page = answer.get("Content-Type", "").startswith("text/html") and body.strip()
        return Page(link, answer.status_code, url, html.fromstring(body.decode()) if is_page else None)

    def views(self) -> set[str]:
        """The names of all addresses that stand on a page that was opened."""
        return {link.view for link in self.links}

    def broken(self) -> list[tuple[int, Link]]:
        return [(page.status, page.link) for page in self.pages if page.status != 200]

    def missing_fragments(self) -> list[Link]:
        """Links to a place that is not on their page, of the pages that were opened."""
        ids = {page.link.path: page.ids for page in self.pages if not page.link.is_part}
        places = [link for link in self.links if link.fragment and link.path in ids]
        return [link for link in places if link.fragment not in ids[link.path]]

    def unheeded(self) -> set[tuple[str, str]]:
        """(view, parameter) where no link's parameter shows on its page: not in a form, not in the link that
        says where one is, and nothing else is read there than without it."""
        found: dict[tuple[str, str], bool] = {}
        for page in self.pages:
            for pair in page.link.query.items() if page.document is not None else ():
                name = (page.link.view, pair[0])
                found[name] = found.get(name, False) or self._is_heeded(page, pair)
        return {name for name, is_heeded in found.items() if not is_heeded}

    def _is_heeded(self, page: Page, pair: tuple[str, str]) -> bool:
        if pair in page.controls() or pair in page.current():
            return True
        return self.open(page.link.without(pair[0])).text != page.text


def _links_of(page: Page) -> Iterator[Link]:
    root = page.document.getroottree()
    for address in root.xpath(_FOLLOWED):
        yield from _link(page, str(address), is_part=address.attrname == "hx-get")
    for address in root.xpath(_CALLED):
        yield from _link(page, str(address), is_called=True)
    for form in page.document.forms:
        if form.method == "GET":
            yield from _link(page, f"{form.action or ''}?{urlencode(form.form_values())}")


def _link(page: Page, address: str, **kind: bool) -> Iterator[Link]:
    url = urljoin(page.base, address)
    if _is_ours(url):
        yield Link(urlsplit(url)._replace(scheme="http", netloc="testserver").geturl(), page.base, **kind)


def _is_ours(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.hostname in _HOSTS
