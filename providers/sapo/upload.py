"""The second step of an upload: the file, posted with its token (docs/protocols/sapo.md, Upload).

The service answers in XML or, when told where, by sending the poster to `redir?status=CODE`.
"""

from collections.abc import Mapping
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit

from providers.client.http import Http, Reply
from providers.contract.entities import Draft
from providers.contract.errors import OutcomeUnknown, ProviderError, Refused
from providers.sapo.protocol import (
    UPLOAD_ERROR_ROOT,
    UPLOAD_MESSAGES,
    UPLOAD_OK_ROOT,
    UPLOAD_REDIRECT_FIELD,
    UPLOAD_STATUS_PARAMETER,
    UPLOAD_TOKEN_FIELD,
    UploadStatus,
)
from providers.sapo.responses import PROVIDER
from providers.xml import XmlError, child_text, local_name, parse

OPERATION = "uploadPost"
# Any name will do; this is the one that the service's own samples use.
FILE_FIELD = "photo"


def form_fields(token: str, callback_url: str) -> dict[str, str]:
    """The text fields of the form; without `redir` the answer is XML."""
    fields = {UPLOAD_TOKEN_FIELD: token}
    if callback_url:
        fields[UPLOAD_REDIRECT_FIELD] = callback_url
    return fields


def post_picture(http: Http, url: str, fields: Mapping[str, str], draft: Draft, file: BinaryIO) -> None:
    """Send the file. Returns when the service said SUCCESS.

    Raises Refused with the service's code, OutcomeUnknown when it did not say or said that the token
    was used already: then an earlier try may have arrived.
    """
    reply = http.post_file(
        OPERATION,
        url,
        fields=list(fields.items()),
        file_field=FILE_FIELD,
        filename=draft.filename,
        media_type=draft.media_type,
        file=file,
        byte_size=draft.byte_size,
    )
    status = _outcome(reply)
    if status != UploadStatus.SUCCESS:
        raise _error(status, reply)


def _outcome(reply: Reply) -> str:
    """The status code, "" when the answer names none."""
    if reply.status in (301, 302, 303, 307, 308):
        query = parse_qs(urlsplit(reply.headers.get("location", "")).query)
        return query.get(UPLOAD_STATUS_PARAMETER, [""])[-1]
    try:
        root = parse(reply.body)
    except XmlError:
        return ""
    if local_name(root) not in (UPLOAD_OK_ROOT, UPLOAD_ERROR_ROOT):
        return ""
    return child_text(root, "Result")


def _error(status: str, reply: Reply) -> ProviderError:
    if status not in UPLOAD_MESSAGES:
        return OutcomeUnknown(
            "the answer names no outcome", provider=PROVIDER, operation=OPERATION, code=str(reply.status)
        )
    kind = OutcomeUnknown if status == UploadStatus.EXHAUSTED_TOKEN else Refused
    return kind(f"the upload ended with {status}", provider=PROVIDER, operation=OPERATION, code=status)
