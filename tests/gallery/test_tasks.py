"""Every task is run here once, and every name of a task leads to one."""

import pytest
from celery import current_app
from django.conf import settings

from gallery.jobs import queue
from gallery.jobs.kinds import QUEUES, Kind

pytestmark = pytest.mark.django_db(transaction=True)
ARGUMENTS = {queue.WORK: (Kind.UPLOADS.value,)}


def own_tasks() -> list[str]:
    current_app.loader.import_default_modules()
    return sorted(name for name in current_app.tasks if name.startswith(("gallery.", "providers.")))


@pytest.mark.parametrize("name", own_tasks())
def test_task_runs_where_there_is_nothing_to_do(name: str) -> None:
    assert current_app.tasks[name].apply(ARGUMENTS.get(name, ())).successful()


def test_what_beat_sends_are_tasks_in_queues_that_workers_listen_to() -> None:
    entries = settings.CELERY_BEAT_SCHEDULE.values()
    assert {entry["task"] for entry in entries} <= set(own_tasks())
    assert {entry.get("options", {}).get("queue", "housekeeping") for entry in entries} <= set(QUEUES)


def test_message_that_wakes_a_worker_is_a_task() -> None:
    assert queue.WORK in own_tasks()
