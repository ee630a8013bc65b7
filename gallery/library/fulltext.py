"""Full text over the own library, the same on SQLite (FTS5) and PostgreSQL (tsvector with GIN).

Words are folded here (case, accents) and kept in `Photo.words`; both indexes follow that column by
themselves: triggers and a generated column, made by migration 0002. The owner is one of the words,
so that a common word of one person is not looked for among everybody's photos.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models.expressions import RawSQL

from gallery.library.models import Photo
from gallery.ownership import OwnedQuerySet

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # combining
_MAX_LETTERS = 8_000  # of one photo
_MAX_TERMS = 12

_MATCH = {
    "sqlite": "SELECT rowid FROM library_words WHERE library_words MATCH %s",
    "postgresql": "SELECT id FROM library_photo WHERE search @@ to_tsquery('simple', %s)",
}


def terms_of(text: str) -> list[str]:
    """The words of `text` as they are compared: without case and accents, letters and digits only."""
    if text.isascii():
        return _WORD.findall(text.lower())
    return _WORD.findall(_MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())))


def words_of(owner_id: int, texts: Iterable[str]) -> str:
    """What is stored in `Photo.words`."""
    joined = " ".join(texts)[:_MAX_LETTERS]
    return " ".join([_owner_word(owner_id), *terms_of(joined)])


def matching(photos: OwnedQuerySet[Photo], owner_id: int, terms: Sequence[str]) -> OwnedQuerySet[Photo]:
    """Those of `photos` that hold a word beginning with each of `terms` (as terms_of gives them)."""
    begins = '"{}"*' if connection.vendor == "sqlite" else "{}:*"
    joint = " AND " if connection.vendor == "sqlite" else " & "
    wanted = [_owner_word(owner_id), *(begins.format(term) for term in terms[:_MAX_TERMS])]
    return photos.filter(pk__in=RawSQL(_MATCH[connection.vendor], [joint.join(wanted)]))  # noqa: S611


def _owner_word(owner_id: int) -> str:
    return f"owner{owner_id}"
