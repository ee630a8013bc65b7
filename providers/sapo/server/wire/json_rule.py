"""The bus's one rule that makes JSON of any XML response (docs/protocols/sapo.md, 1.3).

Every value is a string, an empty element null, attributes are keys beside the text's "value",
repeated elements an array, namespaces ordinary keys, all keys sorted.
"""

import json
from collections.abc import Collection

from providers.xml import Element

# Lists are arrays even with one element (our reading of what no capture shows).
LISTS = {
    "images": "image",
    "albums": "album",
    "views": "view",
    "tags": "tag",
    "users": "user",
    "collections": "collection",
    "comments": "comment",
    "channel": "item",
}
JsonValue = dict[str, object] | str | None
Namespaces = dict[str | None, str]


def to_json(root: Element, cdata: Collection[str] = ()) -> bytes:
    """The whole document as JSON. `cdata`: elements (as "parent/name") whose text stands in a CDATA
    section, which a tree does not tell."""
    document = {_key(root): _with_namespaces(_value(root, root.nsmap, cdata), root.nsmap)}
    return dump(document)


def dump(document: object) -> bytes:
    """A document of texts as JSON, its keys sorted."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _with_namespaces(value: JsonValue, declared: Namespaces) -> JsonValue:
    names: dict[str, object] = {
        "xmlns" if prefix is None else f"xmlns:{prefix}": uri for prefix, uri in declared.items()
    }
    if not names or isinstance(value, dict):
        return {**names, **value} if isinstance(value, dict) else value
    return {**names, "value": value} if value else names


def _value(element: Element, outer: Namespaces, cdata: Collection[str]) -> JsonValue:
    tag, text = element.tag, element.text
    if not len(element) and not element.attrib and tag[0] != "{":
        if text and cdata and f"{element.getparent().tag}/{tag}" in cdata:
            return {"cdata": text}
        return text or None
    found: dict[str, object] = dict(element.attrib)
    declared = element.nsmap if tag[0] == "{" else outer
    if declared != outer:
        own = {prefix: uri for prefix, uri in declared.items() if outer.get(prefix) != uri}
        return _with_namespaces(_value(element, declared, cdata), own)
    if not len(element):
        if not found:
            return text or None
        return {**found, "value": text} if text else found
    always_array = LISTS.get(tag)
    for child in element:
        _add(found, _key(child), _value(child, declared, cdata), is_array=_key(child) == always_array)
    return found


def _add(found: dict[str, object], key: str, value: JsonValue, *, is_array: bool) -> None:
    if key not in found:
        found[key] = [value] if is_array else value
        return
    present = found[key]
    if isinstance(present, list):
        present.append(value)
    else:
        found[key] = [present, value]


def _key(element: Element) -> str:
    tag: str = element.tag
    if tag[0] != "{":
        return tag
    local = tag[tag.index("}") + 1 :]
    return f"{element.prefix}:{local}" if element.prefix else local
