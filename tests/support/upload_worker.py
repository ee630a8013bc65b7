"""A real Celery worker for the kill tests: the site's own, but that it dies where it is told.

SIGKILL goes to its whole group, pool children and all: nothing is put back, nothing cleaned up.
"""

import os
import signal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gallery.settings")
django.setup()

from gallery.celery import app  # noqa: E402
from gallery.uploads.delivery import lease  # noqa: E402
from tests.support.linking import offer  # noqa: E402

DIE_AT = "TEST_DIE_AT"
SERVICE_URL = "TEST_SERVICE_URL"
CONCURRENCY = "TEST_CONCURRENCY"


def _die_at(chosen: str) -> None:
    def on_step(name: str) -> None:
        if name == chosen:
            os.killpg(os.getpgrp(), signal.SIGKILL)

    lease.on_step = on_step


if __name__ == "__main__":
    offer(os.environ[SERVICE_URL])
    _die_at(os.environ.get(DIE_AT, ""))
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING"]
    app.worker_main(["worker", "--pool=prefork", f"--concurrency={os.environ.get(CONCURRENCY, '1')}", *quiet])
