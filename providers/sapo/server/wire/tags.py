"""Tags as the document has them: split at space, `;` and `,`, with `_` for a space inside one."""

import re

from providers.sapo.server.wire.errors import Refused

MAX_TAGS = 100
MAX_TAG_LENGTH = 100
_SEPARATORS = re.compile(r"[\s;,]+")


def split_tags(text: str) -> list[str]:
    """The tags in a text, each once, in their order. Raises Refused."""
    tags = {_plain_tag(tag).casefold(): _plain_tag(tag) for tag in reversed(_SEPARATORS.split(text))}
    found = [tag for tag in reversed(tags.values()) if tag]
    if len(found) > MAX_TAGS:
        raise Refused(f"tags: at most {MAX_TAGS} are kept")
    if any(len(tag) > MAX_TAG_LENGTH for tag in found):
        raise Refused(f"tags: one has at most {MAX_TAG_LENGTH} characters")
    return found


def tag_keys(texts: list[str]) -> list[str]:
    """What tags are found by. The tag of a search may be written with a space, as responses have it."""
    keys = {_plain_tag(text).casefold()[:MAX_TAG_LENGTH]: None for text in texts}
    return [key for key in keys if key]


def _plain_tag(tag: str) -> str:
    return tag.replace("_", " ").strip()
