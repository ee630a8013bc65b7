"""The programs that make the site, in the order in which they start."""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gallery.supervisor import readiness, valkey
from gallery.supervisor.ports import HOST

_THREADS = 32
# Granian counts a connection that a browser merely keeps open: far more than threads, or a dozen
# idle browsers shut everybody else out.
_CONNECTIONS = 512


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program: how it is started, how one sees that it is ready (`missing` is then "") and lives, how it
    stops."""

    name: str
    command: list[str]
    missing: Callable[[], str] = str
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_file: Path | None = None
    # When it last showed that it lives, by whatever clock; nobody watches one that cannot tell.
    latest_sign: Callable[[], float | None] = time.monotonic
    heartbeat_timeout: float = 60.0  # seconds without a sign of life, then it is ended and started again
    start_timeout: float = 90.0
    runs_well_after: float = 60.0  # seconds; then its earlier ends count no more
    stop_with: signal.Signals = signal.SIGTERM


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where this site has its data and listens."""

    data: Path
    code: Path
    web_port: int
    services_port: int
    socket: Path | None  # of the embedded Valkey; None when REDIS_URL names a server
    hang_seconds: float = 60.0

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def environment(self) -> dict[str, str]:
        """Of every program of the site. A SITE_URL of the operator's goes before ours."""
        variables = {
            "SITE_URL": f"http://{HOST}:{self.web_port}",
            **os.environ,
            "SERVICES_URL": f"http://{HOST}:{self.services_port}",
            "DATA_DIR": str(self.data),
            "PYTHONUNBUFFERED": "1",
        }
        return variables | ({"VALKEY_SOCKET": str(self.socket)} if self.socket else {})


def manage(site: Site, *arguments: str) -> list[str]:
    return [sys.executable, str(site.code / "manage.py"), *arguments]


def valkey_program(site: Site) -> Program | None:
    if site.socket is None:
        return None
    return Program(
        name="valkey",
        command=valkey.command(site.socket, site.data),
        missing=partial(readiness.of_valkey, site.socket),
        latest_sign=partial(valkey.answered_at, site.socket),
        heartbeat_timeout=site.hang_seconds / 2,  # whoever wants something from it waits meanwhile
    )


def serving_programs(site: Site) -> list[Program]:
    """Those that may start together. They stop in the opposite order: the others call the first."""
    return [
        # Reached over loopback by this site's own processes: no redirect to https there.
        _granian("services", site.services_port, {"SECURE_SSL_REDIRECT": "0"}),
        _celery(
            site,
            "worker",
            *("--concurrency=3", "--without-gossip", "--without-mingle", "--without-heartbeat"),
            # QUIT gives running tasks CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT to come to an end.
            stop_with=signal.SIGQUIT,
        ),
        _granian("web", site.web_port),
    ]


def beat_program(site: Site) -> Program:
    """Last: what it wakes workers for needs one. Its schedule is in settings, so it keeps no file."""
    return _celery(site, "beat", "--pidfile=")


def _granian(name: str, port: int, environment: Mapping[str, str] | None = None) -> Program:
    return Program(
        name=name,
        command=[
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
            *("--host", HOST, "--port", str(port), "--workers", "1"),
            *("--blocking-threads", str(_THREADS), "--backpressure", str(_CONNECTIONS)),
            *("--workers-kill-timeout", "8", "gallery.wsgi:application"),
        ],
        missing=partial(readiness.of_page, port),
        environment=environment or {},
    )


def _celery(site: Site, name: str, *arguments: str, stop_with: signal.Signals = signal.SIGTERM) -> Program:
    ready_file = site.data / f"{name}.ready"
    return Program(
        name=name,
        # Quiet: what Celery prints at its start would end it where the log has no room.
        command=[
            *(sys.executable, "-m", "celery", "--quiet", "-A", "gallery"),
            *(name, "--loglevel=INFO", *arguments),
        ],
        missing=partial(readiness.of_file, ready_file),
        environment={"READY_FILE": str(ready_file)},
        ready_file=ready_file,
        latest_sign=partial(readiness.touched_at, ready_file),
        heartbeat_timeout=site.hang_seconds,
        stop_with=stop_with,
    )
