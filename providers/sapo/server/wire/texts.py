"""Texts that callers write, within what is kept."""

from providers.sapo.server.wire.arguments import Given
from providers.sapo.server.wire.errors import Refused


def limited(given: Given, path: str, length: int) -> str:
    """The text at `path`. Raises Refused when it is longer than is kept: nothing is cut off unsaid."""
    text = given.text(path)
    if len(text) > length:
        raise Refused(f"{path}: at most {length} characters are kept")
    return text
