"""Starts the kill tests' workers on the tests' own database and queue."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from tests.support.upload_worker import CONCURRENCY, DIE_AT, SERVICE_URL


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    who = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    return f"postgres://{who}@{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}/{database['NAME']}"


def start_worker(service_url: str, die_at: str = "", concurrency: int = 1) -> "subprocess.Popen[bytes]":
    variables = {
        "DATABASE_URL": database_url(),
        "LEASE_SECONDS": str(settings.LEASE_SECONDS),
        "UPLOAD_DOUBT_SECONDS": str(settings.UPLOAD_DOUBT_SECONDS),
        SERVICE_URL: service_url,
        DIE_AT: die_at,
        CONCURRENCY: str(concurrency),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.upload_worker"],
        cwd=settings.BASE_DIR, env=os.environ | variables, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def working(service_url: str, die_at: str = "", concurrency: int = 1) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker, surely gone at the end with all its children."""
    process = start_worker(service_url, die_at, concurrency)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()


def until(is_so: Callable[[], bool], *, seconds: float, meanwhile: Callable[[], object]) -> bool:
    """Whether it came true in time; `meanwhile` stands for beat."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        meanwhile()
        time.sleep(0.25)
    return False
