"""A response as a tree of fields in schema order, and its serialization as XML and JSON.

A field is (name, text) or (name, fields): fifty photos are two thousand of them, and as elements
of lxml they cost three times as much. Nothing here has attributes; feeds and faults, which have, are
elements of lxml, and `json_rule` makes its JSON by the same rule.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import count
from json.encoder import encode_basestring
from typing import TypeAlias
from xml.sax.saxutils import escape

from providers.sapo.server.wire.json_rule import LISTS
from providers.xml import clean

# The content of an element, serialized already for the one binding that needs it.
Serialized: TypeAlias = tuple[str]
Value: TypeAlias = "str | list[Field] | Serialized"
Field: TypeAlias = tuple[str, "Value"]
MaybeField: TypeAlias = tuple[str, "Value | None"]


def field(name: str, fields: Iterable[MaybeField]) -> Field:
    """A field of fields; those that are None are left out."""
    return name, [(inner, value) for inner, value in fields if value is not None]


def texts(name: str, inner: str, values: Iterable[str]) -> Field:
    """An array of texts."""
    return name, [(inner, value) for value in values]


def serialize(name: str, fields: "list[Field]", *, as_json: bool) -> Serialized:
    """The content of the element `name`."""
    return (_json(name, fields) if as_json else "".join([_xml(each) for each in fields]),)


def to_xml(response: Field, namespace: str) -> bytes:
    """The response as XML, all of it in `namespace`, which is named once."""
    name, value = response
    start = f'<{name} xmlns="{namespace}"'
    return clean(f"{start}{_xml((name, value))[len(name) + 1 :]}").encode()


def _xml(one: Field) -> str:
    name, value = one
    if not value:
        return f"<{name}/>"
    if isinstance(value, str):
        return f"<{name}>{escape(value)}</{name}>"
    inside = value[0] if isinstance(value, tuple) else "".join([_xml(each) for each in value])
    return f"<{name}>{inside}</{name}>"


def to_json(response: Field, namespace: str = "") -> bytes:
    """The response as JSON by the bus's rule; with `namespace` it is shown on the root."""
    name, value = response
    if namespace:
        shown: list[Field] = value if isinstance(value, list) else [("value", value)]
        value = [("xmlns", namespace), *shown]
    return _json("", [(name, value)]).encode()


def _json(name: str, value: Value) -> str:
    """The JSON of what `name` holds."""
    if not value:
        return "null"
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, tuple):
        return value[0]
    # Most values are texts: they are serialized without a call each.
    texts = [
        encode_basestring(below) if below and isinstance(below, str) else _json(inner, below)
        for inner, below in value
    ]
    if repeated := LISTS.get(name):
        return f'{{"{repeated}":[{",".join(texts)}]}}'
    names = tuple([inner for inner, _ in value])
    if (order := _sorted(names)) is None:
        pairs = sorted(_with_arrays(list(zip(names, texts, strict=True))))
        return "{" + ",".join([f'"{inner}":{text}' for inner, text in pairs]) + "}"
    return "{" + ",".join([start + texts[place] for start, place in order]) + "}"


@lru_cache(maxsize=500)
def _sorted(names: tuple[str, ...]) -> list[tuple[str, int]] | None:
    """('"name":', its place) in the order of the names; None where one is repeated.

    Cached, since the fifty photos of a page have the same names.
    """
    if len(set(names)) < len(names):
        return None
    return [(f'"{name}":', place) for name, place in sorted(zip(names, count(), strict=False))]


def _with_arrays(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Fields some of which are repeated: each of these becomes an array under its own name."""
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        found.setdefault(name, []).append(text)
    return [(name, texts[0] if len(texts) == 1 else f"[{','.join(texts)}]") for name, texts in found.items()]
