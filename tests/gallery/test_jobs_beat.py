"""Beat goes on when the clock is moved, and what the cache was to forget soon does not stay for a day."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery import current_app
from celery.schedules import crontab
from django.core.cache import cache

from gallery.jobs.beat import Scheduler
from gallery.jobs.kinds import SWEEP
from tests.gallery.test_jobs_queue import empty_queues
from tests.support.queues import messages
from tests.support.running_site import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def by_a_clock_ahead_by(offset: timedelta) -> time_machine.travel:
    """It runs on; monotonic clocks are not moved."""
    return time_machine.travel(datetime.now(UTC) + offset)


def start_beat() -> Scheduler:
    beat = Scheduler(current_app, lazy=True)
    sweep = {"task": "gallery.jobs.tasks.sweep", "options": {"queue": SWEEP}}
    beat.add(name="sweep", schedule=0.05, **sweep)
    beat.add(name="nightly", schedule=crontab(hour=3, minute=20), **sweep)
    return beat


def sends(beat: Scheduler) -> bool:
    """Whether a message comes within some seconds."""
    empty_queues()

    def tick() -> bool:
        beat.tick()
        return messages(SWEEP) > 0

    return wait_for(tick, 5)


@pytest.mark.parametrize("offset", [DAY, -timedelta(hours=1)], ids=["a day ahead", "an hour behind"])
def test_beat_goes_on_when_the_clock_is_put_right(offset: timedelta) -> None:
    with by_a_clock_ahead_by(offset):
        beat = start_beat()
        assert sends(beat)
    assert sends(beat)
    nightly = beat.schedule["nightly"].last_run_at
    assert nightly is not None and abs(nightly - datetime.now(UTC)) < timedelta(minutes=1)
    empty_queues()


def test_cache_is_emptied_when_the_clock_is_put_back() -> None:
    """Its server would go on counting down from the old clock's time."""
    with by_a_clock_ahead_by(DAY):
        beat = start_beat()
        beat.tick()
        cache.set("circuit", 3, 60)
    beat.tick()
    assert cache.get("circuit") is None


def test_cache_stays_when_the_clock_runs_on_or_goes_forward() -> None:
    beat = start_beat()
    beat.tick()
    cache.set("circuit", 3, 60)
    beat.tick()
    with by_a_clock_ahead_by(DAY):
        beat.tick()
    assert cache.get("circuit") == 3
