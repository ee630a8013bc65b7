"""The words that docs/glossary.md rules out stay out of the names in the code."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT: Path = settings.BASE_DIR
FOLDERS = ("gallery", "providers", "tests", "benchmarks")
STAY = {"UPLOAD_KEEP_DAYS"}  # as the glossary says at its end
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@cache
def forbidden() -> tuple[set[str], set[str]]:
    """The two first columns of the glossary's last table."""
    table = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").rpartition("|---|---|---|\n")[2]
    cells = [line.split("|") for line in table.splitlines() if line.startswith("|")]
    parts, wholes = ({word.strip() for cell in cells for word in cell[n].split(",")} - {""} for n in (1, 2))
    return parts, wholes


def names_in(tree: ast.AST) -> Iterator[str]:
    """What the code gives a name to. A test's own name is a sentence, in which all words are free."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                if not name.startswith("test_"):
                    yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.arg(arg=name):
                yield name


def all_names() -> set[str]:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    names = {path.stem for path in files if not path.stem.startswith("test_")}
    for path in files:
        if "migrations" not in path.parts:
            names.update(names_in(ast.parse(path.read_text(encoding="utf-8"))))
    return {name for name in names if not re.match(r"\d{4}_", name)}  # migrations


def is_forbidden(name: str) -> bool:
    parts, wholes = forbidden()
    words = HUMP.sub("_", name).lower().strip("_").split("_")
    singular = {word.removesuffix("s") for word in words}
    return bool(parts.intersection(singular.union(words))) or "_".join(words) in wholes


def test_the_glossary_rules_words_out() -> None:
    parts, wholes = forbidden()
    assert {"bell", "keep", "told"} <= parts and {"asked", "given", "seen"} <= wholes
    for name in ("ring_bell", "rings", "_Kept", "keep_file", "asked", "Written", "seen"):
        assert is_forbidden(name), name
    for name in ("string", "was_asked_for", "seen_at", "spring"):
        assert not is_forbidden(name), name


def test_no_name_has_a_word_that_the_glossary_rules_out() -> None:
    assert sorted(name for name in all_names() - STAY if is_forbidden(name)) == []


def test_no_module_is_called_by_a_word_with_many_meanings() -> None:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    assert [path for path in files if path.stem in ("utils", "helpers", "common", "rows", "addresses")] == []
