"""Whether the site is well: one address for "alive", one for "ready", one that names what is not.

Public, so they say nothing of anybody. Answers are cached for two seconds: however often a balancer asks, it
costs nothing.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from gallery.jobs.models import Heartbeat
from gallery.jobs.work import all_work
from gallery.version import VERSION

OK, FAILING = "ok", "failing"
CACHED_SECONDS = 2.0
_FORGOTTEN_AFTER = timedelta(minutes=10)  # a worker of a container that is no more


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return OK if cursor.fetchone() == (1,) else FAILING


def _queue() -> str:
    cache.set("health", "yes", 10)
    return OK if cache.get("health") == "yes" else FAILING


def _storage() -> str:
    default_storage.exists("health")  # no matter which; a bucket that does not answer raises
    return OK


def _disk() -> str:
    return OK if shutil.disk_usage(settings.DATA_DIR).free >= settings.MIN_FREE_BYTES else "low"


def _program(name: str) -> str:
    now = timezone.now()
    rows = list(Heartbeat.objects.filter(program=name).order_by("-seen_at"))
    silent = [row for row in rows if not _is_fresh(row.seen_at, now)]
    if len(silent) == len(rows):
        return FAILING if rows else "missing"
    recent = [row for row in silent if row.seen_at > now - _FORGOTTEN_AFTER]
    if recent:
        return f"{len(recent)} silent"
    return next((row.trouble for row in rows if row.trouble), OK)


def _is_fresh(seen_at: datetime, now: datetime) -> bool:
    """Further ahead than a clock may differ: the sign of a clock that was wrong."""
    return abs(now - seen_at) < timedelta(seconds=settings.HANG_SECONDS)


def _worker() -> str:
    return _program("worker")


def _beat() -> str:
    return _program("beat")


_READY = {"database": _database, "storage": _storage}
_ALL = {**_READY, "queue": _queue, "disk": _disk, "worker": _worker, "beat": _beat}


def _states(parts: dict[str, Callable[[], str]]) -> dict[str, object]:
    states: dict[str, object] = {}
    for name, state in parts.items():
        try:
            states[name] = state()
        except Exception:  # any failure of a part is what is reported here
            states[name] = FAILING
    return states


def _oldest_due() -> dict[str, int]:
    """By kind of work: for how many seconds its oldest due row has waited."""
    now, ages = timezone.now(), {}
    for kind, work in all_work().items():
        oldest = work.due(now).order_by("next_at").values_list("next_at", flat=True).first()
        ages[kind.value] = max(0, int((now - oldest).total_seconds())) if oldest else 0
    return ages


class CachedAnswer:
    """What `ask` says about `parts`, for CACHED_SECONDS.

    One asks for all; the others wait for that no longer than `wait` seconds, or a part that hangs would soon
    hold every thread of the site.
    """

    def __init__(
        self, ask: Callable[[], dict[str, object]], parts: Iterable[str], *, wait: float = CACHED_SECONDS
    ) -> None:
        self._ask, self._wait = ask, wait
        self._unknown: dict[str, object] = dict.fromkeys(parts, FAILING)
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._until, self._answer = 0.0, self._unknown

    def get(self) -> dict[str, object]:
        if not self._lock.acquire(timeout=self._wait):
            return self._unknown
        try:
            if time.monotonic() > self._until:
                self._answer = self._ask()
                self._until = time.monotonic() + CACHED_SECONDS
            return self._answer
        finally:
            self._lock.release()


def _everything() -> dict[str, object]:
    states = {**_states(_ALL), "version": VERSION}
    try:
        states["oldest_due_seconds"] = _oldest_due()
    except Exception:  # the database has been named already
        states["oldest_due_seconds"] = None
    return states


_everything_cached = CachedAnswer(_everything, _ALL)
_ready_cached = CachedAnswer(lambda: _states(_READY), _READY)


def forget_answers() -> None:
    """Look anew at the next question; for tests, which change a part within CACHED_SECONDS."""
    _everything_cached.forget()
    _ready_cached.forget()


@login_not_required
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Every part, "ok" or what is wrong with it; 503 where something is failing or missing."""
    parts = _everything_cached.get()
    is_well = not {FAILING, "missing"} & {value for value in parts.values() if isinstance(value, str)}
    return JsonResponse(parts, status=200 if is_well else 503)


@login_not_required
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all."""
    return JsonResponse({"web": OK})


@login_not_required
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 where pages can be served: without the queue they can, without database or storage not."""
    parts = _ready_cached.get()
    return JsonResponse(parts, status=200 if set(parts.values()) == {OK} else 503)
