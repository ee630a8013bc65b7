"""What messages call. They name a kind of work, never a row."""

import logging

from celery import shared_task

from gallery.jobs import work as jobs
from gallery.jobs.kinds import Kind

logger = logging.getLogger(__name__)


@shared_task
def work(kind: str) -> None:
    if kind not in list(Kind):  # of another release
        logger.warning("nobody knows the work %r", kind[:40])
        return
    jobs.work_on(Kind(kind))


@shared_task
def sweep() -> None:
    jobs.sweep()
