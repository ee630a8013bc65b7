"""The URL that an uploader names to learn the outcome (`redir` of uploadPost.html).

It carries the status and nothing else. By default the uploader is sent there; on sites that choose so
the server requests the URL itself, and then only on hosts that the operator has named.
"""

import logging
import re
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from providers.client.http import Http, Limits
from providers.contract.errors import ProviderError
from providers.sapo.protocol import UPLOAD_STATUS_PARAMETER, UploadStatus

logger = logging.getLogger(__name__)
_MAX_LENGTH = 2000
_NOT_IN_A_URL = re.compile(r"[\x00-\x20\x7f\\<>\"]")


def with_status(redir: str, status: UploadStatus) -> str:
    """`redir` with the status appended; "" when it is no plain web URL."""
    if not redir or len(redir) > _MAX_LENGTH or _NOT_IN_A_URL.search(redir):
        return ""
    try:
        parts = urlsplit(iri_to_uri(redir))
        is_plain = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
        _ = parts.port  # raises for what is no number
    except ValueError:
        return ""
    if not is_plain:
        return ""
    query = f"{parts.query}&" if parts.query else ""
    return urlunsplit(parts._replace(query=f"{query}{UPLOAD_STATUS_PARAMETER}={status}"))


def call(url: str) -> None:
    """Request `url`, if its host is one that the operator named. The response is ignored."""
    limits = Limits(connect=3, read=5, answer=8, answer_bytes=64 * 1024)
    http = Http("sapo", settings.SAPO_REDIR_HOSTS, allow_private=True, limits=limits)
    try:
        http.get("redir", url)
    except ProviderError as error:
        logger.warning("redir was not called: %s", error)
