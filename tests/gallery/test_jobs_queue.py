"""Messages wake workers: few, without rows in them, and nobody who sends one waits for the queue."""

import os
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from celery import current_app
from django.core.cache import cache
from kombu import Queue

from gallery.jobs import queue
from gallery.jobs.kinds import HOUSEKEEPING, QUEUES, SWEEP, Kind
from gallery.jobs.tasks import work
from gallery.jobs.work import all_work
from tests import environment
from tests.support.queues import messages
from tests.support.valkey_stops import hanging_valkey

ANSWERS_WITHIN = 60.0  # seconds; it takes none


@pytest.fixture(autouse=True)
def _nothing_in_the_queue() -> Iterator[None]:
    assert queue.flush(ANSWERS_WITHIN)
    empty_queues()
    yield
    assert queue.flush(ANSWERS_WITHIN)
    empty_queues()


def empty_queues() -> None:
    """Of this test process alone: a Redis server may be another one's as well."""
    with current_app.connection_for_write() as connection:
        for name in QUEUES:
            Queue(name).bind(connection.default_channel).purge()


def first_message(name: str) -> tuple[str, list[str]]:
    with current_app.connection_for_read() as connection, closing(connection.SimpleQueue(name)) as simple:
        message = simple.get(timeout=ANSWERS_WITHIN)
        message.ack()
        return message.headers["task"], list(message.payload[0])


def test_message_names_a_kind_and_no_row() -> None:
    queue.wake(Kind.UPLOADS)
    assert queue.flush(ANSWERS_WITHIN)
    assert first_message("uploads") == ("gallery.jobs.tasks.work", ["uploads"])


@pytest.mark.parametrize("kind", list(Kind))
def test_no_more_than_a_handful_of_messages_lie_in_a_queue(kind: Kind) -> None:
    for _ in range(50):
        queue.wake(kind)
        assert queue.flush(ANSWERS_WITHIN)
    assert messages(kind) == queue.MOST_WAITING


def test_sweep_has_a_queue_of_its_own() -> None:
    for _ in range(3):
        queue.wake(Kind.UPLOADS)
    assert queue.flush(ANSWERS_WITHIN)
    assert queue.enqueue("gallery.jobs.tasks.sweep", SWEEP)
    assert first_message(SWEEP) == ("gallery.jobs.tasks.sweep", [])


def test_worker_listens_to_every_queue() -> None:
    assert set(current_app.amqp.queues) >= set(QUEUES)
    assert current_app.conf.task_default_queue == HOUSEKEEPING


def test_each_kind_has_an_app_that_says_what_is_due() -> None:
    assert set(all_work()) == set(Kind)


def test_message_in_the_hands_of_a_worker_that_ends_is_not_put_back() -> None:
    """Putting it back into a queue that has gone away would end a worker that wants to live on."""
    queue.wake(Kind.UPLOADS)
    assert queue.flush(ANSWERS_WITHIN)
    with current_app.connection_for_read() as connection:
        assert connection.SimpleQueue("uploads").get(timeout=ANSWERS_WITHIN)
    assert messages(Kind.UPLOADS) == 0


def test_message_of_another_release_ends_nothing(db: None) -> None:
    work("what nobody knows")


def test_nobody_waits_for_a_queue_that_hangs() -> None:
    with hanging_valkey():
        started = time.process_time()
        for _ in range(1_000):
            queue.wake(Kind.UPLOADS)
        assert time.process_time() - started < 5  # processor time: whatever else the machine does
        assert not queue.flush(0.01)


def test_what_could_not_be_sent_is_sent_when_the_queue_answers_again() -> None:
    with hanging_valkey():
        queue.wake(Kind.SYNCS)
        assert not queue.flush(0.5)
    assert queue.flush(30)
    assert messages("syncs") == 1


def test_queue_that_refuses_writes_is_tried_again() -> None:
    if environment.valkey is None:
        pytest.skip("only a Valkey of our own can be made to refuse")
    client = cache._cache.get_client()  # type: ignore[attr-defined]
    before = client.config_get("maxmemory")["maxmemory"]
    client.config_set("maxmemory", "1")
    try:
        queue.wake(Kind.CHANGES)
        assert not queue.flush(0.5)
    finally:
        client.config_set("maxmemory", before)
    assert queue.flush(30)
    assert messages("changes") == 1


def test_process_that_was_forked_sends_by_itself() -> None:
    queue.wake(Kind.VIEWS)
    assert queue.flush(ANSWERS_WITHIN)
    if not (pid := os.fork()):
        queue.wake(Kind.KEYS)
        os._exit(0 if queue.flush(ANSWERS_WITHIN) else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert messages("keys") == 1
