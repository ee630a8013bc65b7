"""Reading XML that strangers sent.

libxml2 refuses entity bombs and deep nesting by itself, but drops an external entity silently
when it does not resolve it: so any DOCTYPE is refused here. Callers cap the bytes beforehand.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

from lxml import etree

PlainElement = ElementTree.Element
Element = Any  # lxml's own stubs do not type elements usefully

# What XML 1.0 (fifth edition, 2.2) lets stand in a document.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# The start of a document whose encoding writes ASCII as ASCII.
_IN_ASCII = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:\w|\?xml(?:(?!encoding)[^>])*(?:encoding\s*=\s*[\"']"
    rb"(?:utf-8|us-ascii|iso-8859-1|windows-1252)[\"'][^>]*)?\?>)",
    re.IGNORECASE,
)

_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


class XmlError(ValueError):
    """The bytes are not XML that we read."""


def parse(data: bytes) -> Element:
    """The root element of `data`. Raises XmlError; never reads a file or a socket."""
    parser = etree.XMLParser(**_SAFE)
    try:
        root: Element = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlError(f"not well-formed XML: {str(error)[:200]}") from None
    _refuse_doctype(root)
    return root


def parse_plainly(data: bytes) -> PlainElement:
    """As `parse`, but what is returned can only be read, which is three times as quick.

    Python's own parser (expat) makes plain objects where lxml makes a new one for each look. It fetches
    nothing and gets no DOCTYPE: where one could stand in the bytes unseen, lxml reads them first.
    """
    if b"<!DOCTYPE" in data or not _IN_ASCII.match(data):
        data = etree.tostring(parse(data))
    try:
        return ElementTree.fromstring(data)  # noqa: S314  (see above)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise XmlError(f"not well-formed XML: {str(error)[:200]}") from None


def _refuse_doctype(root: Element) -> None:
    if root is None or root.getroottree().docinfo.doctype:
        raise XmlError("a DOCTYPE is not accepted")


def local_name(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    """The child elements called `name`, in whatever namespace and case-sensitively."""
    return (child for child in element if local_name(child) == name)


def child(element: Element | None, name: str) -> Element | None:
    """The first child called `name`, or None."""
    return None if element is None else next(children(element, name), None)


def child_text(element: Element | None, name: str) -> str:
    """The trimmed text of the first child called `name`, "" when absent."""
    found = child(element, name)
    return "" if found is None else "".join(found.itertext()).strip()


def source(element: Element) -> str:
    """The element as text again, for keeping what a service said."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def clean(text: str) -> str:
    """`text` without the characters that XML 1.0 forbids."""
    return _FORBIDDEN.sub("", text)


class ElementStream:
    """A long document read as it comes: its elements called `name`, one at a time, then what is left.

    Iterating yields each complete element and drops it afterwards, so memory stays flat. `root` is
    for afterwards: the document without them. Iterating raises XmlError; DOCTYPEs are refused, and
    so are documents with many elements that nobody asked for.
    """

    _MAX_OTHERS = 10_000

    def __init__(self, blocks: Iterable[bytes], name: str) -> None:
        self._blocks = blocks
        self._name = name
        self._others = 0
        self.root: Element = None

    def __iter__(self) -> Iterator[Element]:
        parser = etree.XMLPullParser(events=("start", "end"), **_SAFE)
        try:
            for block in self._blocks:
                parser.feed(block)
                yield from self._complete(parser)
            parser.close()
            yield from self._complete(parser)
        except etree.XMLSyntaxError as error:
            raise XmlError(f"not well-formed XML: {str(error)[:200]}") from None

    def _complete(self, parser: Any) -> Iterator[Element]:
        for event, element in parser.read_events():
            if event == "start":
                self._count(element)
            elif local_name(element) == self._name:
                yield element
                self._others = 0
                _drop(element)

    def _count(self, element: Element) -> None:
        if self.root is None:
            self.root = element
            _refuse_doctype(element)
        self._others += 1
        if self._others > self._MAX_OTHERS:
            raise XmlError("too many elements")


def _drop(element: Element) -> None:
    """Free a finished element. It stays, empty, until the next one: the parser still holds on to it."""
    element.clear(keep_tail=True)
    previous = element.getprevious()
    if previous is not None and previous.tag == element.tag:
        element.getparent().remove(previous)
