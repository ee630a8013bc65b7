"""How style sheets are collected: written over many lines for people, sent without breaks and comments."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

OUR_SHEETS = "css/"
_QUOTED = r""""[^"\n]*"|'[^'\n]*'"""
_COMMENT = re.compile(rf"({_QUOTED})|/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(rf"({_QUOTED})|\s*([{{}};])\s*|\s*\n\s*")


def compact(sheet: str) -> str:
    """A style sheet without comments and without what only makes it readable."""
    stripped = _COMMENT.sub(lambda found: found[1] or "\n", sheet)
    return _SPACE.sub(lambda found: found[1] or found[2] or " ", stripped).strip()


class CompactSheets(Storage):
    """The style sheets of another storage, as they are sent."""

    def __init__(self, source: Storage) -> None:
        self.source = source

    def open(self, name: str, mode: str = "rb") -> File[bytes]:
        with self.source.open(name, mode) as file:
            return ContentFile(compact(file.read().decode()).encode(), name)


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def post_process(
        self, paths: dict[str, tuple[Storage, str]], *args: Any, **options: Any
    ) -> Iterator[Any]:
        """Compact sheets of ours first, then their names with a digest, then compressed."""
        for name, (source, path) in paths.items():
            if name.startswith(OUR_SHEETS):
                paths[name] = (CompactSheets(source), path)
        yield from super().post_process(paths, *args, **options)
