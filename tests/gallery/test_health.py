"""Health stays cheap however often it is asked, and does not hold up those who ask."""

import threading
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gallery.health import FAILING, CachedAnswer


class Part:
    """A part of the site that answers when it is let to; how often it was asked."""

    def __init__(self) -> None:
        self.is_asked, self.goes_on = threading.Event(), threading.Event()
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        self.is_asked.set()
        assert self.goes_on.wait(60)
        return "ok"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/health/", "/health/ready/"])
def test_health_that_is_asked_many_times_asks_the_database_few_times(client: Client, address: str) -> None:
    with CaptureQueriesContext(connection) as once:
        client.get(address)
    with CaptureQueriesContext(connection) as often:
        for _ in range(40):
            client.get(address)
    assert len(once) > 0 and len(often) < 20 * len(once)


def test_those_who_ask_while_a_part_hangs_are_told_so_and_it_is_asked_once() -> None:
    part = Part()
    states = CachedAnswer(lambda: {"storage": part()}, ["storage"], wait=0.1)
    first: list[dict[str, object]] = []
    asker = threading.Thread(target=lambda: first.append(states.get()))
    asker.start()
    assert part.is_asked.wait(60)
    begun_at = time.monotonic()
    assert states.get() == {"storage": FAILING}
    assert time.monotonic() - begun_at < 30, "it waited until the part answered"
    part.goes_on.set()
    asker.join(60)
    assert first == [{"storage": "ok"}] and part.count == 1
