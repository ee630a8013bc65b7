"""The bodies of requests as the web server passes them on, with or without a length."""

from typing import Protocol

from django.http import HttpRequest

from providers.sapo.server.wire.errors import bad_request

MAX_BODY_BYTES = 1024 * 1024


class Stream(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes: ...


def body_stream(request: HttpRequest) -> Stream:
    """The body to be read. Django itself reads nothing of one that is sent in chunks and has no length."""
    stream: Stream = request.META["wsgi.input"] if request.META.get("wsgi.input_terminated") else request
    return stream


def body_of(request: HttpRequest) -> bytes:
    """The whole body. Raises Fault when it is larger than any real request."""
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        announced = 0
    body = b""
    if announced <= MAX_BODY_BYTES:
        stream = body_stream(request)
        while len(body) <= MAX_BODY_BYTES and (block := stream.read(MAX_BODY_BYTES + 1 - len(body))):
            body += block
    if max(announced, len(body)) > MAX_BODY_BYTES:
        raise bad_request(f"The request is larger than {MAX_BODY_BYTES} bytes")
    return body
