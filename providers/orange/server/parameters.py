"""Reading a request's parameters as leniently as the document's inconsistencies ask for (orange.md 10)."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from providers.orange.protocol import Action, ErrorCode, Parameter
from providers.orange.server.errors import ServiceError, missing_parameter, unreadable

_ACTIONS = {action.lower(): action for action in Action} | {"getalbumlist": Action.GET_ALBUMS_LIST}
_TITLE_ALIAS = "title"


class Parameters:
    """Names are matched without regard to case; of two values for one name the first holds."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, str] = {}
        for name, value in pairs:
            self._values.setdefault(name.lower(), value)

    def get(self, name: Parameter) -> str:
        """The value, "" when absent."""
        return self._values.get(name.lower(), "")

    def required(self, name: Parameter) -> str:
        """The value. Raises ServiceError 9001 when absent or empty."""
        value = self.get(name)
        if not value:
            raise missing_parameter(name)
        return value

    @property
    def token(self) -> str:
        """The user token; a raw "+" in a query was decoded as a space."""
        return self.required(Parameter.TOKEN).replace(" ", "+")

    @property
    def title(self) -> str | None:
        """TIT, or what the document's first example calls it; None when neither is there."""
        return self._values.get(Parameter.TITLE.lower(), self._values.get(_TITLE_ALIAS))

    @property
    def action(self) -> Action:
        """Also from a valueless key `action<Name>`. Raises ServiceError 9001, 9002."""
        name = self.get(Parameter.ACTION) or self._bare_action()
        if not name:
            raise missing_parameter(Parameter.ACTION)
        if name.lower() not in _ACTIONS:
            raise ServiceError(ErrorCode.UNKNOWN_ACTION, f"unknown action {name[:60]}", status=400)
        return _ACTIONS[name.lower()]

    def _bare_action(self) -> str:
        keys = (key for key, value in self._values.items() if not value and key.startswith("action"))
        return next((key.removeprefix("action") for key in keys if key != "action"), "")


def from_query(raw: str) -> list[tuple[str, str]]:
    """The pairs of a raw query or of a form body: UTF-8, else ISO-8859-1 (orange.md 11).

    Raises ServiceError 9001 for far too many.
    """
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, encoding="latin-1", max_num_fields=100)
    except ValueError:
        raise unreadable() from None
    return [(decode(name), decode(value)) for name, value in pairs]


def from_fields(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """The pairs of a multipart form that was read as ISO-8859-1."""
    return [(decode(name), decode(value)) for name, value in fields.items()]


def decode(text: str) -> str:
    """Text that was read as ISO-8859-1, in the encoding in which it was written."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return text
