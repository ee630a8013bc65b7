"""The only module that talks HTTP to photo services, and the only one that knows `requests`' errors.

Every call is bounded: connect, each read, the whole answer in seconds and in bytes. Only a service's
own hosts are asked, and the address really connected to is checked (docs/architecture.md, Limits).
No URL, header or body ever gets into an error or a log: both protocols put secrets into them.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError as Urllib3Error

from providers.client.guarded_adapter import AddressRefused, GuardedAdapter
from providers.client.multipart import MultipartFile
from providers.client.replies import Limits, OpenReply, Reply
from providers.contract.entities import Picture
from providers.contract.errors import (
    NotFound,
    OutcomeUnknown,
    ProtocolError,
    ProviderError,
    RateLimited,
    Unavailable,
)

__all__ = ["Http", "Limits", "OpenReply", "Reply"]

Auth = tuple[str, str] | AuthBase | None
_BLOCK = 64 * 1024
_MAX_REDIRECTS = 3


class Http:
    """Calls to the hosts of one service, on one kept-alive session. Not shared between threads.

    `hosts` are exact names, or ".example.org" for a domain and all below it.
    """

    def __init__(
        self,
        provider: str,
        hosts: Sequence[str],
        *,
        allow_private: bool = False,
        limits: Limits | None = None,
    ) -> None:
        self._provider = provider
        self._hosts = tuple(host.lower() for host in hosts)
        self._limits = limits or Limits()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update({"User-Agent": "Pomar/1", "Accept-Encoding": "identity"})
        adapter = GuardedAdapter(allow_private=allow_private, header_seconds=self._limits.answer)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def get(
        self,
        operation: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Auth = None,
        writes: bool = False,
    ) -> Reply:
        """A GET. `writes`: this one changes something there, so a broken line means OutcomeUnknown."""
        return self._call(operation, "GET", url, writes=writes, params=params, headers=headers, auth=auth)

    def get_long(
        self, operation: str, url: str, *, headers: Mapping[str, str], auth: Auth = None
    ) -> OpenReply:
        """A GET of a list too long to be held in memory."""
        response = self._send(operation, "GET", url, headers=headers, auth=auth)
        self._raise_for_busy(operation, response, writes=False)
        limits = self._limits
        blocks = self._blocks(operation, response, limits.list_bytes, limits.list_seconds, writes=False)
        return OpenReply(status=response.status_code, blocks=blocks)

    def post(
        self,
        operation: str,
        url: str,
        *,
        body: bytes | Mapping[str, str],
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Auth = None,
        writes: bool = True,
    ) -> Reply:
        """A POST of bytes or of form fields."""
        return self._call(
            operation, "POST", url, writes=writes, data=body, params=params, headers=headers, auth=auth
        )

    def post_file(
        self,
        operation: str,
        url: str,
        *,
        fields: Sequence[tuple[str, str]],
        file_field: str,
        filename: str,
        media_type: str,
        file: BinaryIO,
        byte_size: int,
        auth: Auth = None,
    ) -> Reply:
        """A multipart POST, the file last and streamed: never more than a block of it in memory."""
        body = MultipartFile(fields, file_field, filename, media_type, file, byte_size)
        return self._call(
            operation,
            "POST",
            url,
            writes=True,
            body=body,
            data=body,
            headers={"Content-Type": body.content_type},
            auth=auth,
            timeout=(self._limits.connect, self._limits.answer),
        )

    def stream(self, operation: str, url: str, *, headers: Mapping[str, str] | None = None) -> Picture:
        """A picture's bytes as they come. Follows redirects within the service's own hosts."""
        for _ in range(_MAX_REDIRECTS):
            response = self._send(operation, "GET", url, headers=headers)
            if not response.is_redirect:
                return self._picture(operation, response)
            url = urljoin(url, response.headers["location"])
            response.close()
        raise ProtocolError("too many redirects", provider=self._provider, operation=operation)

    def _picture(self, operation: str, response: requests.Response) -> Picture:
        if response.status_code != 200:
            response.close()
            self._raise_for_busy(operation, response, writes=False)
            kind = NotFound if response.status_code in (404, 410) else ProtocolError
            raise kind(
                f"HTTP {response.status_code} for a picture",
                provider=self._provider,
                operation=operation,
                code=str(response.status_code),
            )
        announced = response.headers.get("content-length", "")
        byte_size = int(announced) if announced.isdecimal() else None
        limit = self._limits.picture_bytes
        if byte_size is not None and byte_size > limit:
            response.close()
            raise self._too_large(operation)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        chunks = self._blocks(operation, response, limit, self._limits.upload, writes=False)
        return Picture(media_type=media_type, byte_size=byte_size, chunks=chunks)

    def _call(
        self,
        operation: str,
        method: str,
        url: str,
        *,
        writes: bool,
        body: MultipartFile | None = None,
        **kwargs: object,
    ) -> Reply:
        response = self._send(operation, method, url, writes=writes, body=body, **kwargs)
        self._raise_for_busy(operation, response, writes=writes)
        blocks = self._blocks(
            operation, response, self._limits.answer_bytes, self._limits.answer, writes=writes
        )
        content = b"".join(blocks)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(status=response.status_code, headers=headers, body=content)

    def _send(
        self,
        operation: str,
        method: str,
        url: str,
        *,
        writes: bool = False,
        body: MultipartFile | None = None,
        **kwargs: object,
    ) -> requests.Response:
        self._check_host(operation, url)
        kwargs.setdefault("timeout", (self._limits.connect, self._limits.read))
        try:
            return self._session.request(
                method,
                url,
                stream=True,
                allow_redirects=False,
                **kwargs,  # type: ignore[arg-type]
            )
        except AddressRefused:
            raise ProtocolError(
                "its address is not a public one", provider=self._provider, operation=operation
            ) from None
        except requests.exceptions.RequestException as error:
            raise self._failure(operation, error, writes=writes, body=body) from None

    def _failure(
        self, operation: str, error: Exception, *, writes: bool, body: MultipartFile | None
    ) -> ProviderError:
        """What a broken call means. A file that had not wholly left us cannot have been stored."""
        never_left = isinstance(error, requests.exceptions.ConnectTimeout) or _is_connect_error(error)
        if body is not None and not body.is_sent:
            never_left = True
        kind = OutcomeUnknown if writes and not never_left else Unavailable
        return kind(type(error).__name__, provider=self._provider, operation=operation)

    def _blocks(
        self, operation: str, response: requests.Response, limit: int, seconds: float, *, writes: bool
    ) -> Iterator[bytes]:
        """The body in blocks; bounded in bytes and, however slowly each byte drips, in seconds."""
        deadline = time.monotonic() + seconds
        total = 0
        broken = OutcomeUnknown if writes else Unavailable
        try:
            while block := response.raw.read1(_BLOCK):
                total += len(block)
                if total > limit:
                    raise self._too_large(operation)
                if time.monotonic() > deadline:
                    raise broken("the answer took too long", provider=self._provider, operation=operation)
                yield block
            self._check_complete(operation, response, total, broken)
        except (Urllib3Error, OSError) as error:
            raise broken(type(error).__name__, provider=self._provider, operation=operation) from None
        finally:
            response.close()

    def _check_complete(
        self, operation: str, response: requests.Response, total: int, broken: type[ProviderError]
    ) -> None:
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) != total:
            raise broken("the answer ended early", provider=self._provider, operation=operation)

    def _raise_for_busy(self, operation: str, response: requests.Response, *, writes: bool) -> None:
        if response.status_code not in (429, 502, 503, 504):
            return
        wait = response.headers.get("retry-after", "")
        response.close()
        if response.status_code == 429 or wait.isdecimal():
            raise RateLimited(
                f"HTTP {response.status_code}",
                provider=self._provider,
                operation=operation,
                retry_after=min(float(wait), 3600) if wait.isdecimal() else 60,
            )
        # A gateway that lost the service's answer says nothing about what the service did.
        kind = OutcomeUnknown if writes and response.status_code in (502, 504) else Unavailable
        raise kind(f"HTTP {response.status_code}", provider=self._provider, operation=operation)

    def _too_large(self, operation: str) -> ProtocolError:
        return ProtocolError("the answer is too large", provider=self._provider, operation=operation)

    def _check_host(self, operation: str, url: str) -> None:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        known = any(
            host == name or (name.startswith(".") and (host.endswith(name) or host == name[1:]))
            for name in self._hosts
        )
        if parts.scheme not in ("http", "https") or not known or parts.username:
            raise ProtocolError(
                "an address that is not the service's own", provider=self._provider, operation=operation
            )


def _is_connect_error(error: Exception) -> bool:
    reason = error.args[0] if error.args else None
    return type(getattr(reason, "reason", reason)).__name__ in ("NewConnectionError", "NameResolutionError")
