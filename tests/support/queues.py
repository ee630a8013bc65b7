"""What lies in this test process's own queue, and how to lose it."""

from celery import current_app
from django.core.cache import cache
from kombu import Queue

from gallery.jobs import queue


def messages(name: str) -> int:
    """How many lie in the queue of that name."""
    with current_app.connection_for_read() as connection:
        return int(Queue(name).bind(connection.default_channel).queue_declare().message_count)  # type: ignore[union-attr]


def forget_everything() -> None:
    """Everything the queue and the cache know is gone, with what a thread of ours was about to send."""
    assert queue.flush(60)
    cache.clear()
    with current_app.connection_for_write() as connection:
        connection.default_channel.client.flushdb()  # type: ignore[attr-defined]
