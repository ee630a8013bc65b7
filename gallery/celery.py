"""The task queue. It only rings the bell: the truth is in rows (docs/architecture.md)."""

import os
from pathlib import Path

from celery import Celery
from celery.signals import beat_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gallery.settings")

app = Celery("pomar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
@beat_init.connect
def _say_ready(**kwargs: object) -> None:
    """Makes the file that whoever started us waits for (gallery/supervisor/readiness.py)."""
    if path := os.environ.get("READY_FILE"):
        Path(path).touch()
