"""Which names a side of a protocol speaks of: every text and every attribute in its code."""

import ast
import re
from pathlib import Path


def words(folder: Path, *, below: bool = False) -> frozenset[str]:
    """Of the code in a folder, with `below` also in the folders under it; without the shared protocol."""
    found: set[str] = set()
    for file in folder.rglob("*.py") if below else folder.glob("*.py"):
        if file.name.startswith("protocol"):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update([node.value, *re.split(r"[/.\s=?&<>{}\"]", node.value)])
            elif isinstance(node, ast.keyword) and node.arg:
                found.add(node.arg)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
    return frozenset(found)
