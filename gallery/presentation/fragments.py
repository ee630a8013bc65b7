"""Parts of pages that htmx asks for."""

from django.http import HttpRequest


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for the next part of a list, to put it below the last one."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
