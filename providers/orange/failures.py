"""What an answer that is no success means, in our error tree (docs/protocols/orange.md, Errors)."""

import re
from collections.abc import Sequence

from providers import xml
from providers.contract.errors import (
    ConsentNeeded,
    NotFound,
    OutcomeUnknown,
    ProtocolError,
    ProviderError,
    ReconnectNeeded,
    Refused,
    Unavailable,
)
from providers.orange.protocol import Action, Answer, ErrorCode, GatewayCode

PROVIDER = "orange"
_LONGEST_URL = 1000
_WRITES = (Action.CREATE_ALBUM, Action.ADD_MEDIA_OBJ)
_BY_CODE: dict[str, type[ProviderError]] = {
    GatewayCode.INVALID_TOKEN: ReconnectNeeded,
    GatewayCode.TOKEN_EXPIRED: ReconnectNeeded,
    ErrorCode.OWNER_UNKNOWN: Refused,
    ErrorCode.ALBUM_UNKNOWN: NotFound,
    ErrorCode.MEDIA_OBJECT_UNKNOWN: NotFound,
    ErrorCode.BAD_IMAGE: Refused,
    ErrorCode.FILE_TOO_LARGE: Refused,
    ErrorCode.STORAGE_FULL: Refused,
    ErrorCode.BAD_TITLE: Refused,
}


class Failures:
    """Makes errors of answers; what the service says goes into none of them unless `secrets` are cut out."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = [secret for secret in secrets if secret]

    def error(
        self, kind: type[ProviderError], operation: Action, message: str, code: str = ""
    ) -> ProviderError:
        return kind(message, provider=PROVIDER, operation=operation, code=code)

    def unreadable(self, operation: Action, status: int) -> ProviderError:
        """For an answer that is not of this API at all: only its HTTP status says something."""
        if status == 401:
            return self.error(ReconnectNeeded, operation, "HTTP 401", "401")
        if status >= 500:
            kind = OutcomeUnknown if operation in _WRITES else Unavailable
            return self.error(kind, operation, f"HTTP {status}")
        return self.error(ProtocolError, operation, f"not an answer of this API (HTTP {status})")

    def raise_for_error(self, operation: Action, root: xml.Element, status: int) -> None:
        """Decide by content, in the order of orange.md 6. Returns for an <action> that tells no error."""
        name = xml.local_name(root)
        if name == "error":
            raise self._gateway_error(operation, root, status)
        if name != "action":
            raise self.unreadable(operation, status)
        if xml.child(root, "error-code") is not None:
            raise self._service_error(operation, root)
        if root.get("code") == Answer.FAILURE and not len(root):
            raise self.error(ProtocolError, operation, "a failure that is not named", "unspecified")

    def _gateway_error(self, operation: Action, root: xml.Element, status: int) -> ProviderError:
        code = self._code(xml.child_text(root, "code"))
        detail = self._redacted(xml.child_text(root, "detail"))
        url = "".join(xml.child_text(root, "url").split())
        if code == GatewayCode.ACCESS_DENIED and self._is_safe_address(url):
            return ConsentNeeded(detail, provider=PROVIDER, operation=operation, code=code, url=url)
        is_about_the_key = status == 401 or "token" in detail.lower()
        kind = _BY_CODE.get(code, ReconnectNeeded if is_about_the_key else ProtocolError)
        return self.error(kind, operation, detail, code)

    def _is_safe_address(self, url: str) -> bool:
        """Whether it is a web address that a person can be sent to later: it is saved in clear until then."""
        is_web = url.startswith(("https://", "http://")) and len(url) <= _LONGEST_URL
        return is_web and not any(secret in url for secret in self._secrets)

    def _service_error(self, operation: Action, root: xml.Element) -> ProviderError:
        code = self._code(xml.child_text(root, "error-code"))
        message = self._redacted(xml.child_text(root, "error-msg"))
        if code == ErrorCode.INTERNAL:
            kind: type[ProviderError] = OutcomeUnknown if operation in _WRITES else Unavailable
        else:
            kind = _BY_CODE.get(code, ProtocolError)
        return self.error(kind, operation, message, code)

    def _redacted(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text[:200]

    @staticmethod
    def _code(text: str) -> str:
        return re.sub(r"[^0-9A-Za-z_.-]", "", text)[:40] or "unspecified"
