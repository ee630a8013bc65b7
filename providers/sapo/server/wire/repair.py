"""Repairs XML in which text was not escaped, as the Mac client wrote it (docs/protocols/sapo.md, 2.5).

An `&` that begins none of XML's own five entities is text, and so is a `<` that begins none of the service's
elements. A title that looks like one of these elements cannot be told from it and stays broken.
"""

import re

from providers.sapo.protocol import ACCESS_KEY
from providers.sapo.protocol_sts import STS_ENTITIES, STS_OPERATIONS
from providers.sapo.protocol_tables import ARRAYS, ENTITIES, OPERATIONS

_NAMES = {
    *(
        "Envelope",
        "Header",
        "Body",
        ACCESS_KEY,
        "ESBTransactionId",
        "ESBCorrelationId",
        "ESBRole",
        "synopsis",
    ),
    *(name for fields in ENTITIES.values() for name, _ in fields),
    *(inner for inner, _ in ARRAYS.values()),
    *(name for names in STS_ENTITIES.values() for name in names),
    *OPERATIONS,
    *STS_OPERATIONS,
    *(each.name for row in OPERATIONS.values() for each in row.parameters),
    *(each.name for row in STS_OPERATIONS.values() for each in row.parameters),
}
_BARE_AMPERSAND = re.compile(rb"&(?!(?:#[0-9]+|#x[0-9A-Fa-f]+|amp|lt|gt|quot|apos);)")
_BARE_LESS_THAN = re.compile(
    rf"<(?!/?(?:[A-Za-z_][\w.-]{{0,40}}:)?(?:{'|'.join(sorted(_NAMES))})[\s/>]|\?xml|!\[CDATA\[)".encode()
)
_MAX_REPAIRS = 100


def repaired(body: bytes) -> bytes:
    """`body` with its stray `&`, `<` and `]]>` taken for the text they are; unchanged when they are so
    many that this cannot be a mistake in the text."""
    repaired_body, ampersands = _BARE_AMPERSAND.subn(b"&amp;", body, _MAX_REPAIRS)
    repaired_body, less_thans = _BARE_LESS_THAN.subn(b"&lt;", repaired_body, _MAX_REPAIRS)
    if ampersands + less_thans >= _MAX_REPAIRS:
        return body
    return repaired_body if b"<![CDATA[" in repaired_body else repaired_body.replace(b"]]>", b"]]&gt;")
