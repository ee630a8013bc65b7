"""Reads from code and templates what they mark for translation, as xgettext would."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

_MARKERS = {"_", "_t", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
_WITH_CONTEXT = {"pgettext", "pgettext_lazy"}


def marked_messages(file: Path) -> set[str]:
    """The msgids of a Python file or a template, with their contexts as gettext joins them (a 04 between)."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        return set(_of_code(text))
    return {found for line in templatize(text, origin=str(file)).splitlines() for found in _of_line(line)}


def _of_code(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            count = 1 if node.func.id in _MARKERS else 2 if node.func.id in _WITH_CONTEXT else 0
            words = [word.value for word in node.args[:count] if isinstance(word, ast.Constant)]
            if words and all(isinstance(word, str) for word in words):
                yield "\x04".join(map(str, words))


def _of_line(line: str) -> Iterator[str]:
    """Of a template that templatize has turned into calls between crossed-out text."""
    for name in ("ngettext(", "gettext(", "_("):
        _, *rest = line.split(name)
        for part in rest:
            yield from _leading_literal(part)


def _leading_literal(text: str) -> Iterator[str]:
    for end, character in enumerate(text):
        if character in "\"'" and end > 1:
            try:
                literal = ast.literal_eval(text[: end + 1])
            except SyntaxError:
                continue
            yield str(literal)
            return
