"""Serializes responses piece by piece: a list may be far longer than what should be in memory.

Always the exact codes and shapes of docs/protocols/orange.md; leniency is for reading.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from xml.sax.saxutils import escape

from providers.orange.protocol import ENVELOPE_VERSION, Answer
from providers.orange.server.errors import GatewayError, ServiceError
from providers.orange.server.models import MediaObject, OrangeAlbum
from providers.xml import clean

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
Pieces = Iterator[str]


def _action(code: str, pieces: Iterable[str]) -> Pieces:
    yield f'{DECLARATION}<action version="{ENVELOPE_VERSION}" code="{code}">'
    yield from pieces
    yield "</action>\n"


def _title(text: str) -> str:
    cdata = clean(text).replace("]]>", "]]]]><![CDATA[>")
    return f"<title><![CDATA[{cdata}]]></title>"


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def albums(count: int, rows: Iterable[OrangeAlbum], new: MediaObject | None = None) -> Pieces:
    """Wire 7.1 and 7.6; `new` is the picture just added, where the operator switched that extension on."""
    if not count:
        return _action(Answer.ALBUMS, ['<albums count="0"/>'])
    named = [f'<mediaObject id="{new.pk}" cypheredId="{new.cyphered_id}"/>'] if new else []
    listed = (_counted_album(row) for row in rows)
    return _action(Answer.ALBUMS, chain([f'<albums count="{count}">'], listed, ["</albums>"], named))


def _counted_album(row: OrangeAlbum) -> str:
    return (
        f'<album cypheredId="{row.cyphered_id}">{_title(row.title)}'
        f'<guests count="0"/><mediaObjects count="{row.media_count}"/></album>'
    )


def album(code: Answer, row: OrangeAlbum) -> Pieces:
    """Wire 7.2 and 7.3."""
    date = f"<creationDate>{_milliseconds(row.created_at)}</creationDate>"
    return _action(code, [f'<album cypheredId="{row.cyphered_id}">{_title(row.title)}{date}</album>'])


def media_objects(rows: Iterable[MediaObject], picture_url: str) -> Pieces:
    """Wire 7.4: no count, and never paged."""
    listed = (_media_object(row, picture_url) for row in rows)
    return _action(Answer.MEDIA_OBJECTS, chain(["<mediaObjects>"], listed, ["</mediaObjects>"]))


def media_object(row: MediaObject, picture_url: str) -> Pieces:
    """Wire 7.5."""
    return _action(Answer.MEDIA_OBJECT, [_media_object(row, picture_url)])


def _media_object(row: MediaObject, picture_url: str) -> str:
    base_url = escape(f"{picture_url}?cid={row.cyphered_id}&app=papi")
    return (
        f'<mediaObject id="{row.pk}" cypheredId="{row.cyphered_id}">{_title(row.title)}'
        f"<creationDate>{_milliseconds(row.created_at)}</creationDate>"
        f"<filename>{escape(clean(row.filename))}</filename><filesize>{row.byte_size}</filesize>"
        f"<mimeType>{row.media_type}</mimeType><width>{row.width}</width><height>{row.height}</height>"
        f"<baseUrl>{base_url}</baseUrl></mediaObject>"
    )


def service_error(error: ServiceError) -> Pieces:
    """Wire 9."""
    text = escape(clean(error.text))
    return _action(Answer.FAILURE, [f"<error-code>{error.code}</error-code><error-msg>{text}</error-msg>"])


def gateway_error(error: GatewayError) -> Pieces:
    """Wire 9 and 5."""
    url = f"<url>{escape(error.url)}</url>" if error.url else ""
    detail = f"<detail>{escape(error.detail)}</detail>"
    yield f"{DECLARATION}<error><code>{error.code}</code>{detail}{url}</error>\n"
