"""Ends the connection without a response where a fault plan orders silence."""

from collections.abc import Callable

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from providers.server.faults.injection import NoAnswer


class FaultMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """A WSGI program cannot close a connection; the web server does when less is sent than announced."""
        if not isinstance(exception, NoAnswer):
            return None
        return StreamingHttpResponse(iter(()), headers={"Content-Length": "1"})
