"""Waking workers. A message says which kind of work there is, never which row; it may be lost or doubled.

Nobody who wakes a worker waits for the queue: a thread of the process sends, and tries again until the
queue answers. What is lost with the process, the sweep finds.
"""

import atexit
import logging
import os
import threading
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu import Queue

from gallery.jobs.kinds import Kind

logger = logging.getLogger(__name__)

WORK = "gallery.jobs.tasks.work"
MOST_WAITING = 3  # messages that lie in one queue; more would find nothing that these do not find
_PAUSE = 1.0  # seconds, while the queue does not answer


def wake(kind: Kind) -> None:
    """Call a worker to this kind of work. Never raises, never waits."""
    _sender.send(kind)


def wake_after_commit(kind: Kind) -> None:
    transaction.on_commit(partial(wake, kind))


def flush(seconds: float) -> bool:
    """Wait until all is sent; False when the time is over first."""
    return _sender.flush(seconds)


def enqueue(task: str, queue: str, *arguments: str, most: int = MOST_WAITING) -> bool:
    """Send now, unless `most` messages lie in that queue already. Raises what kombu raises."""
    pool: Any = current_app.pool
    with pool.acquire(block=True) as connection:
        # Declared and not merely looked for: kombu's look forgets the prefix of our keys.
        declared: Any = Queue(queue).bind(connection.default_channel).queue_declare()
        if declared.message_count >= most:
            return False
    current_app.send_task(task, list(arguments), queue=queue, retry=False)
    return True


class _Sender:
    """The kinds that are still to be sent, and the thread that sends them."""

    def __init__(self) -> None:
        self._kinds: dict[Kind, None] = {}
        self._changed = threading.Condition()
        self._is_sending = False
        self._thread: threading.Thread | None = None

    def send(self, kind: Kind) -> None:
        with self._changed:
            self._kinds[kind] = None
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="wake")
                self._thread.start()
            self._changed.notify_all()

    def flush(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: not self._kinds and not self._is_sending, seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._kinds))
                kind = next(iter(self._kinds))
                del self._kinds[kind]
                self._is_sending = True
            is_sent = self._try(kind)
            with self._changed:
                if not is_sent:
                    self._kinds.setdefault(kind)
                self._is_sending = False
                self._changed.notify_all()
                if not is_sent:
                    self._changed.wait(_PAUSE)

    def _try(self, kind: Kind) -> bool:
        try:
            enqueue(WORK, kind, kind)
        except Exception as error:  # whatever the queue says: it is tried again
            logger.warning("the queue does not answer (%s); %s wait", type(error).__name__, kind)
            return False
        return True


_sender = _Sender()


def _begin_anew() -> None:
    global _sender  # a fork takes no thread along
    _sender = _Sender()


os.register_at_fork(after_in_child=_begin_anew)
atexit.register(flush, 0.5)
