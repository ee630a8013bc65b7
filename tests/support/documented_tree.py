"""A copy of this tree with what a document says to write, word for word.

`` `path`: `` above a block is the file that the block is; ``In `path`...`` above a `diff` is where it is
applied.
"""

import re
import shutil
from pathlib import Path

from tests.support.running_site import ROOT

_COPIED = ("gallery", "providers", "templates", "static", "tests", "manage.py", "pyproject.toml")
_BLOCK = re.compile(r"^(?P<above>[^\n]+(?:\n[^\n]+)*)\n\n```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.M | re.S)
_FILE, _CHANGE = re.compile(r"`([\w./-]+)`:"), re.compile(r"In `([\w./-]+)`")


def tree_of(document: Path, target: Path) -> list[str]:
    """The tree at `target`; the files that the document wrote or changed. Raises ValueError for a block
    that says not where it belongs, and for a change of what is not there."""
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
        else:
            shutil.copy(source, target)
    files = []
    for block in _BLOCK.finditer(document.read_text()):
        files.append(_carry_out(target, block["above"], block["kind"], block["body"]))
    return files


def _carry_out(target: Path, above: str, kind: str, body: str) -> str:
    if kind == "diff" and (change := _CHANGE.match(above)):
        path = target / change[1]
        path.write_text(_changed(path.read_text(), body))
        return change[1]
    if not (file := _FILE.fullmatch(above)):
        raise ValueError(f"no file is named above the block that begins with {body[:60]!r}")
    path = target / file[1]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body)
    return file[1]


def _changed(text: str, diff: str) -> str:
    """`text` with the lines of the diff: " " stays, "-" goes, "+" comes."""
    lines = diff.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] in " -")
    new = "".join(line[1:] for line in lines if line[0] in " +")
    if text.count(old) != 1:
        raise ValueError(f"this stands there {text.count(old)} times, not once: {old!r}")
    return text.replace(old, new)
