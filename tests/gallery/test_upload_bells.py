"""The queue is only a bell, and a long line before it keeps nobody from looking after what was left."""

from contextlib import closing
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache

from gallery.uploads import bell


def first_task() -> str:
    """What a worker that comes now would take out of the queue."""
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(current_app.conf.task_default_queue)
        with closing(queue):
            message = queue.get(timeout=5)
            message.ack()
            return str(message.headers["task"])


def flush() -> None:
    cache._cache.get_client().flushall()  # type: ignore[attr-defined]


def test_unheard_bells_are_counted() -> None:
    flush()
    assert bell.waiting() == 0
    for upload_id in range(7):
        bell.ring(bell.SEND, upload_id)
    assert bell.waiting() == 7
    flush()


def test_sweeps_go_before_a_long_line_of_bells() -> None:
    flush()
    for upload_id in range(50):
        bell.ring(bell.SEND, upload_id)
    schedule: dict[str, dict[str, Any]] = settings.CELERY_BEAT_SCHEDULE
    sweeps = [entry for name, entry in schedule.items() if name.startswith("sweep-")]
    for entry in sweeps:
        current_app.send_task(entry["task"], **entry["options"])
    assert bell.waiting() == 50 + len(sweeps)
    assert {first_task() for _ in sweeps} == {entry["task"] for entry in sweeps}
    assert first_task() == bell.SEND
    flush()
