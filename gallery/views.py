"""Pages that belong to no app: health and errors."""

import secrets

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from gallery.version import VERSION


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _cache_answers() -> bool:
    cache.set("health", "yes", 10)
    return bool(cache.get("health") == "yes")


def _storage_answers() -> bool:
    default_storage.exists("health")  # no matter which; a bucket that does not answer raises
    return True


_PARTS = {"database": _database_answers, "redis": _cache_answers, "storage": _storage_answers}


@login_not_required
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """200 with each part "ok", or 503 naming the one that is not; the version. Public: nothing else."""
    parts = {}
    for name, answers in _PARTS.items():
        try:
            parts[name] = "ok" if answers() else "failing"
        except Exception:  # any failure of a part is what is reported here
            parts[name] = "failing"
    is_well = all(state == "ok" for state in parts.values())
    return JsonResponse({**parts, "version": VERSION}, status=200 if is_well else 503)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """Needs no database and no session: they may be what is broken. The log has the same reference."""
    reference = secrets.token_hex(4)
    request.error_reference = reference  # type: ignore[attr-defined]  # read by gallery/logs.py
    return render(None, "500.html", {"reference": reference}, status=500)
