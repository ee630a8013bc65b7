"""Opening answers: REST JSON, REST XML and SOAP become one tree of names, and faults become errors.

The tree is what the service's own XML-to-JSON rule makes: an element with children is a dict, repeated
ones are a list, an empty one is None, every value is text (docs/protocols/sapo.md, JSON).
Namespaces are not looked at: whether the live service put them on REST answers is not known.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from providers.client.http import Reply
from providers.contract.errors import (
    NotFound,
    OutcomeUnknown,
    ProtocolError,
    ProviderError,
    ReconnectNeeded,
    Refused,
    Unavailable,
)
from providers.sapo.protocol import XSI_NS, FaultCode
from providers.xml import PlainElement, XmlError, parse_plainly

PROVIDER = "sapo"
Tree = Any  # dict[str, Tree] | list[Tree] | str | None
_NIL = f"{{{XSI_NS}}}nil"
_RECONNECT = {FaultCode.BAD_CREDENTIALS, FaultCode.INVALID_TOKEN, FaultCode.EXPIRED_TOKEN}


class Responses:
    """Opens answers, and makes errors of those that say no.

    What the service says in words goes into the errors, for the log and the admin panel: with
    `secrets`, which it may have echoed, cut out.
    """

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        nonempty = [secret for secret in secrets if secret]
        self._secrets = [*nonempty, *(quote(secret, safe="") for secret in nonempty)]

    def content(self, reply: Reply, operation: str, *, writes: bool) -> Tree:
        """What stands inside `<Operation>Result`.

        Raises the error that a fault stands for; for an answer that cannot be read, what
        `unreadable` makes of it.
        """
        root, content = self.root(reply, operation, writes=writes)
        if root != f"{operation}Response":
            raise unreadable("the answer belongs to something else", operation, reply, writes=writes)
        return local(content, f"{operation}Result")

    def root(self, reply: Reply, operation: str, *, writes: bool) -> tuple[str, Tree]:
        """The name of the answer's root element, and its content. Raises as `content` does."""
        try:
            root, content = _unwrap(*_only_child(_tree(reply.body)))
        except (XmlError, ValueError, RecursionError):
            raise unreadable("not readable", operation, reply, writes=writes) from None
        if root.lower() == "fault":
            raise self._fault(content, operation, writes=writes)
        return root, content

    def check_result(self, result: Tree, operation: str) -> None:
        """Pass a Result that says ok. Raises NotFound or Refused by its description, or ProtocolError."""
        ok = text(result, "ok").lower()
        if ok in ("true", "1"):
            return
        if ok not in ("false", "0"):
            raise ProtocolError("the answer does not say ok", provider=PROVIDER, operation=operation)
        description = self._kwargs(text(result, "description")) or "refused without a word"
        if "not found" in description.lower():
            raise NotFound(description, provider=PROVIDER, operation=operation, code="not_found")
        raise Refused(description, provider=PROVIDER, operation=operation, code="refused")

    def _fault(self, content: Tree, operation: str, *, writes: bool) -> ProviderError:
        code = self._kwargs(text_of(local(local(local(content, "detail"), "exceptionInfo"), "code")))
        message = self._kwargs(text(content, "faultstring")) or "a fault without a word"
        return _kind(code, message.lower(), writes=writes)(
            message, provider=PROVIDER, operation=operation, code=code
        )

    def _kwargs(self, words: str) -> str:
        for secret in self._secrets:
            words = words.replace(secret, "***")
        return words[:200]


def _kind(code: str, message: str, *, writes: bool) -> type[ProviderError]:
    if "access key" in message or "accesskey" in message:
        return ProtocolError  # the site's own key: nothing that the person could do
    if code in _RECONNECT or "invalid security token" in message:
        return ReconnectNeeded
    if code == FaultCode.TOO_SLOW:
        return OutcomeUnknown if writes else Unavailable
    return ProtocolError


def unreadable(message: str, operation: str, reply: Reply, *, writes: bool) -> ProviderError:
    """An answer that says nothing. After a write, what was to be written may have been."""
    kind: type[ProviderError] = ProtocolError
    if reply.status == 401:
        kind = ReconnectNeeded
    elif writes and (reply.status == 200 or reply.status >= 500):
        kind = OutcomeUnknown
    elif reply.status >= 500:
        kind = Unavailable
    return kind(
        f"HTTP {reply.status}, {message}", provider=PROVIDER, operation=operation, code=str(reply.status)
    )


# --- The tree -------------------------------------------------------------------------------


def local(tree: Tree, name: str) -> Tree:
    """The child called `name`, whatever its prefix (`tns:code` in JSON)."""
    if not isinstance(tree, dict):
        return None
    if name in tree:
        return tree[name]
    return next((value for key, value in tree.items() if key.rpartition(":")[2] == name), None)


def text(tree: Tree, name: str) -> str:
    """The text of the child called `name`; "" when absent, empty or not a text."""
    value = tree.get(name) if isinstance(tree, dict) else None
    return value if isinstance(value, str) else text_of(value)


def text_of(value: Tree) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, dict):  # an element with attributes, or a CDATA section
        return text_of(value.get("value", value.get("cdata")))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else ""


def many(tree: Tree, wrapper: str, name: str) -> Sequence[Tree]:
    """The elements called `name` inside `wrapper`: none, one that stands alone, or a list."""
    inside = tree.get(wrapper) if isinstance(tree, dict) else None
    found = inside.get(name) if isinstance(inside, dict) else None
    if found is None:
        return ()
    return found if isinstance(found, list) else (found,)


def _tree(body: bytes) -> dict[str, Tree]:
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        tree = json.loads(body.decode("utf-8-sig"))
        return tree if isinstance(tree, dict) else {}
    root = parse_plainly(body)
    return {_local(root.tag): from_element(root)}


def from_element(element: PlainElement) -> Tree:
    """An XML element as the service's own rule turns it into JSON, without attributes."""
    if len(element) == 0:
        return _leaf(element)
    tree: dict[str, Tree] = {}
    for child in element:
        name = _local(child.tag)
        value = from_element(child) if len(child) else _leaf(child)
        if name not in tree:
            tree[name] = value
        elif isinstance(tree[name], list):
            tree[name].append(value)
        else:
            tree[name] = [tree[name], value]
    return tree


def _leaf(element: PlainElement) -> str | None:
    text: str | None = element.text
    return None if not text or element.get(_NIL) in ("true", "1") else text


@lru_cache(maxsize=1000)
def _local(tag: str) -> str:
    """Cached, since the names of a page are the same fifty times over."""
    return tag.rpartition("}")[2]


def _unwrap(root: str, content: Tree) -> tuple[str, Tree]:
    """Out of a SOAP envelope, if there is one."""
    if root != "Envelope":
        return root, content
    return _only_child(local(content, "Body"))


def _only_child(tree: Tree) -> tuple[str, Tree]:
    found = [
        (name.rpartition(":")[2], value)
        for name, value in (tree.items() if isinstance(tree, dict) else ())
        if not name.startswith("xmlns")
    ]
    if len(found) != 1:
        raise ValueError("not one root")
    return found[0]
