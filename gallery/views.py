"""Pages of errors."""

import secrets

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """Needs no database and no session: they may be what is broken. The log has the same reference."""
    reference = secrets.token_hex(4)
    request.error_reference = reference  # type: ignore[attr-defined]  # read by gallery/logs.py
    return render(None, "500.html", {"reference": reference}, status=500)
