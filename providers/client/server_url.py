"""The address of a person's own server, as they type it: looked at before anything is asked there.

This is about its form alone. Where the name leads is looked at on each connection
(guarded_adapter.py): a machine of our own network is refused there, unless the operator's app says
`allow_private`.
"""

from urllib.parse import urlsplit

_MAX = 200


class BadServerUrl(ValueError):
    """`reason` is "form" or "not_https"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def server_url(typed: str, *, allow_private: bool = False) -> str:
    """The address without a slash at its end, its host in small letters. Raises BadServerUrl.

    `allow_private`, as the app says: then HTTP without encryption is taken as well.
    """
    text = typed.strip()
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        port = f":{parts.port}" if parts.port else ""
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:  # UnicodeError is one
        raise BadServerUrl("form") from None
    is_plain = text.isprintable() and " " not in text and "\\" not in text and len(text) <= _MAX
    if not host or not is_plain or parts.username is not None or parts.query or parts.fragment:
        raise BadServerUrl("form")
    if parts.scheme != "https" and not (parts.scheme == "http" and allow_private):
        raise BadServerUrl("not_https")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{parts.path.rstrip('/')}"
