"""The task queue. It only wakes workers: what is to be done lies in rows (docs/flows/jobs.md)."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_process_init, worker_ready, worker_shutting_down
from kombu.transport.redis import Channel

from gallery.jobs import pulse  # here, before the pool is forked: its memory is shared

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gallery.settings")

app = Celery("pomar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A worker does not put back what it has not done: the sweep finds it. Kombu would try that even when the
# queue has gone away, and what it raises then would end the worker.
Channel.do_restore = False

_TURN_EACH = 2.0  # seconds
_watches: list[Any] = []  # the one of this worker


@worker_ready.connect
def _watch_worker(sender: Any, **kwargs: object) -> None:
    """Sent again after each time that the queue was away."""
    from gallery.jobs.worker_watch import WorkerWatch  # needs the apps

    if not _watches:
        _watches.append(WorkerWatch(lambda: sender.pool.info.get("processes") or []))
        _watches[0].start()
    _watches[0].note_turn()
    sender.timer.call_repeatedly(_TURN_EACH, _watches[0].note_turn)


@worker_process_init.connect
def _show_that_process_lives(**kwargs: object) -> None:
    pulse.start_pulse()


@worker_shutting_down.connect
def _say_goodbye(**kwargs: object) -> None:
    from gallery.jobs.heartbeat import remove_heartbeat

    remove_heartbeat("worker")


@beat_init.connect
def _show_that_beat_lives(**kwargs: object) -> None:
    from gallery.jobs.heartbeat import touch_ready_file

    touch_ready_file()
