"""The task queue. It only wakes workers: the truth is in rows (docs/architecture.md)."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import celery.beat
from celery import Celery
from celery.signals import beat_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gallery.settings")

app = Celery("pomar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

_SIGN_EVERY = 5.0  # seconds


@worker_ready.connect
def _show_that_worker_lives(sender: Any, **kwargs: object) -> None:
    """By a timer of the main loop: no sign when that does not turn any more."""
    _touch_ready_file()
    sender.timer.call_repeatedly(_SIGN_EVERY, _touch_ready_file)


@beat_init.connect
def _touch_ready_file(**kwargs: object) -> None:
    """For whoever started us (gallery/supervisor): untouched for a minute, we are ended and started again."""
    with suppress(OSError):
        if path := os.environ.get("READY_FILE"):
            Path(path).touch()


class Scheduler(celery.beat.Scheduler):
    """Celery's schedule in memory, which shows that beat lives."""

    _shown_at = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if time.monotonic() - self._shown_at > _SIGN_EVERY:
            self._shown_at = time.monotonic()
            _touch_ready_file()
        return float(super().tick(*args, **kwargs))
