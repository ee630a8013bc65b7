"""Calls a worker to a row. A lost bell is no harm: the sweep rings again."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu import Queue
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

SEND = "gallery.uploads.tasks.send_upload"
CONFIRM = "gallery.uploads.tasks.confirm_upload"


def ring(task: str, upload_id: int) -> None:
    """Ring now. A queue that does not answer must not break a page."""
    try:
        current_app.send_task(task, [upload_id], retry=False)
    except (OperationalError, OSError):
        logger.warning("the queue does not answer; the sweep will ring for upload %s", upload_id)


def ring_after_commit(task: str, upload_id: int) -> None:
    transaction.on_commit(partial(ring, task, upload_id))


def waiting() -> int | None:
    """How many bells nobody has heard yet; None when the queue does not answer."""
    name = current_app.conf.task_default_queue
    with current_app.connection_for_read() as connection:
        try:
            # Declared and not merely looked for: kombu's look forgets the prefix of our keys.
            return int(Queue(name).bind(connection.default_channel).queue_declare().message_count)  # type: ignore[union-attr]
        except connection.recoverable_connection_errors:
            return None
        except OperationalError:  # what kombu makes of a connection that cannot be had
            return None
