"""The arguments of a call, whatever the binding: values by the path where the SOAP request has them.

`image/albums/album/id` is the same for an XML body, a JSON body, the dotted `image.albums.album.id`
and the flat `albumid` of REST. Names are compared in small letters, since real programs differ.
"""

import re
from collections.abc import Iterable, Mapping

from providers.sapo.protocol import CREDENTIALS
from providers.sapo.protocol_tables import ARRAYS, ENTITIES, MORE_REST, Operation
from providers.sapo.server.wire.errors import Refused, bad_request
from providers.xml import clean

MAX_VALUES = 2000
# `tags[]`, `albums.[0].album`, `image[title]`: PHP writes a place or a name between brackets.
_BRACKETS = re.compile(r"[./]?\[(\w*)\]")
_CREDENTIALS_PREFIX = CREDENTIALS.lower() + "/"
_TRUE, _FALSE = {"true", "1", "yes", "on"}, {"false", "0", "no", "off"}


class Arguments:
    """The values of one call. Absent, nil and blank are alike: ""."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = values

    def text(self, path: str) -> str:
        """The first value at `path` that is not blank, trimmed."""
        return next((value for each in self._values.get(path, ()) if (value := each.strip())), "")

    def limited_text(self, path: str, length: int) -> str:
        """The text at `path`. Raises Refused when it is longer than what is stored: nothing is cut off
        silently."""
        text = self.text(path)
        if len(text) > length:
            raise Refused(f"{path}: at most {length} characters are kept")
        return text

    def texts(self, path: str) -> list[str]:
        """All values at `path`, also those that arrived joined by commas; blank ones left out. Raises
        Refused when they are too many."""
        joined = ",".join(self._values.get(path, ()))
        if joined.count(",") >= MAX_VALUES:
            raise Refused(f"{path}: at most {MAX_VALUES} values are expected")
        return [value for each in joined.split(",") if (value := each.strip())]

    def number(self, path: str, default: int | None = None) -> int:
        """A whole number. Raises Refused when it is missing (without `default`) or no number."""
        text = self.text(path)
        if not text and default is not None:
            return default
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
            raise Refused(f"{path}: a whole number is expected" if text else f"{path} is missing")
        return int(text)

    def flag(self, path: str, default: bool = False) -> bool:
        """Raises Refused for what is neither true nor false."""
        text = self.text(path).lower()
        if text and text not in _TRUE | _FALSE:
            raise Refused(f"{path}: true or false is expected")
        return text in _TRUE if text else default

    def has(self, path: str) -> bool:
        """Whether `path` was sent at all, be it blank."""
        return path in self._values


def collect_arguments(pairs: Iterable[tuple[str, str]], operation: Operation | None = None) -> Arguments:
    """The values of `pairs` under their paths. Raises Fault when there are too many."""
    names = _names(operation)
    wrapper = f"{operation.name.lower()}/" if operation else "\n"
    values: dict[str, list[str]] = {}
    for count, (name, value) in enumerate(pairs):
        if count >= MAX_VALUES:
            raise bad_request(f"More than {MAX_VALUES} values in one request")
        path = _BRACKETS.sub(_unbracketed, name.lower()).replace(".", "/")
        while path.startswith(wrapper):  # the Mac client wraps DummyEcho twice
            path = path.removeprefix(wrapper)
        path = path.removeprefix(_CREDENTIALS_PREFIX)
        values.setdefault(names.get(path, path), []).append(clean(value))
    return Arguments(values)


def _unbracketed(found: re.Match[str]) -> str:
    inner = found[1]
    return f"/{inner}" if inner and not inner.isdecimal() else ""


def _names(operation: Operation | None) -> dict[str, str]:
    """Flat REST name, or a list written without its inner element -> path, all in small letters."""
    if operation is None:
        return {}
    if (known := _known_names.get(operation.name)) is None:
        known = _known_names[operation.name] = _work_out_names(operation)
    return known


_known_names: dict[str, dict[str, str]] = {}


def _work_out_names(operation: Operation) -> dict[str, str]:
    flat = (*MORE_REST.get(operation.name, ()), *operation.rest)
    names = {rest.name.lower(): rest.path.lower() for rest in flat}
    for parameter in operation.parameters:
        if parameter.type in ARRAYS:
            names[parameter.name.lower()] = f"{parameter.name}/{ARRAYS[parameter.type][0]}".lower()
        for field, kind in ENTITIES.get(parameter.type, ()):
            path = f"{parameter.name}/{field}".lower()
            if kind in ARRAYS:
                inner = f"{path}/{ARRAYS[kind][0]}"
                names.update({f"{path}/id": f"{inner}/id", path: f"{inner}/id", inner: f"{inner}/id"})
            elif operation.rest_body == parameter.name:
                names.setdefault(field.lower(), path)
    if operation.rest_body == "image":
        names["image/synopsis"] = names["synopsis"] = "image/synopse"  # the document's own word
        names["image/tags/tag"] = "image/tags"
        names["albumid"] = "image/albums/album/id"
    return names
