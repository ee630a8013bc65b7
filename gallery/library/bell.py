"""Rings for the workers. A bell that does not ring loses nothing: the sweep rings again."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def ring_sync(account_id: int) -> None:
    _ring("gallery.library.tasks.sync_account", account_id)


def ring_removal(account_id: int) -> None:
    _ring("gallery.library.tasks.remove_account", account_id)


def _ring(task: str, account_id: int) -> None:
    try:
        current_app.send_task(task, [account_id], retry=False)
    except OperationalError:
        log.warning("the queue does not answer; %s waits for the sweep", task)
