"""A site whose clock was wrong, and is put right while it runs: nothing waits for tomorrow.

It takes minutes on a machine that has nothing else to do, so it runs when PROMISE_CLOCK=1 asks for it.
"""

import json
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.journeys.conftest import Site
from tests.journeys.test_journeys import choice, is_stored, link_orange, link_sapo, upload
from tests.support.left_behind import report
from tests.support.moved_clock import MovedClock
from tests.support.painting import picture
from tests.support.person import Person
from tests.support.running_site import INHERITED, RunningSite, free_port, wait_for

pytestmark = [
    pytest.mark.whole_site,
    pytest.mark.skipif(not os.environ.get("PROMISE_CLOCK"), reason="asked for with PROMISE_CLOCK=1"),
]

_HANG_SECONDS = 20
_GUESSES = 5
_SETTLED_WITHIN = 60.0  # seconds after the clock was put right
_WATCHED_FOR = 3 * _HANG_SECONDS  # seconds; who took the jump for silence would have ended something
_AWAY = """
from providers.server.faults.models import FaultPlan
for server in ("sapo", "orange"):
    FaultPlan.objects.create(server=server, operation="*", kind="silent", seconds=0.1, remaining=100_000)
"""
_BACK = """
from providers.server.faults.models import FaultPlan
FaultPlan.objects.all().delete()
"""


@pytest.fixture(params=[timedelta(days=1), timedelta(hours=-1)], ids=["a day ahead", "an hour behind"])
def clock(request: pytest.FixtureRequest, tmp_path: Path) -> MovedClock:
    return MovedClock(tmp_path / "clock", request.param)


@pytest.fixture
def running(tmp_path: Path, clock: MovedClock) -> Iterator[RunningSite]:
    running = RunningSite(
        tmp_path / "data", free_port(), HANG_SECONDS=str(_HANG_SECONDS), UPLOAD_DOUBT_SECONDS="5",
        **clock.environment,
    )  # fmt: skip
    yield running.wait_until_ready()
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def site(running: RunningSite, clock: MovedClock) -> Site:
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return Site(
        running.address.rstrip("/"), {**inherited, **clock.environment, "DATA_DIR": str(running.data)}
    )


def _rows(running: RunningSite, query: str) -> list[tuple[str, ...]]:
    """As the site's own database has them."""
    with closing(sqlite3.connect(f"file:{running.data}/pomar.sqlite3?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


def _sends(person: Person, number: int) -> list[str]:
    """To each account; the titles."""
    titles = [f"Hora{secrets.token_hex(4)}" for _ in range(2 * number)]
    accounts = [choice(person, "SAPO"), choice(person, "Orange")]
    for place, title in enumerate(titles):
        upload(person, picture(text=title), f"{title}.jpg", title=title, account=accounts[place % 2])
    return titles


def _health(running: RunningSite) -> dict[str, object]:
    try:
        with urlopen(f"{running.address}health/", timeout=10) as answer:
            return dict(json.load(answer))
    except HTTPError as answer:
        return dict(json.load(answer))


def _is_synced_since(running: RunningSite, moment: datetime) -> bool:
    """Each account, by a clock that is not ahead."""
    times = [datetime.fromisoformat(at[0]) for at in _rows(running, "SELECT finished_at FROM library_sync")]
    return all(moment <= at.replace(tzinfo=UTC) <= datetime.now(UTC) for at in times)


def _is_well(running: RunningSite) -> bool:
    parts = _health(running)
    ages = parts["oldest_due_seconds"]
    assert isinstance(ages, dict)
    return (
        parts["worker"] == parts["beat"] == parts["queue"] == "ok"
        and all(0 <= age < _SETTLED_WITHIN for age in ages.values())
    )  # fmt: skip


def _signs_in(name: str, password: str, site: Site) -> bool:
    person = Person(site.url)
    person.goes_to("/accounts/login/")
    person.sends(person.form(holding="login"), {"login": name, "password": password})
    return "/accounts/login" not in person.path and person.answer.status_code == 200


def test_all_settles_soon_after_the_clock_was_put_right(
    running: RunningSite, clock: MovedClock, site: Site
) -> None:
    alice, bob = site.somebody("alice"), site.somebody("bob")
    link_sapo(alice)
    link_orange(alice)
    sent = _sends(alice, 1)
    assert wait_for(lambda: all(is_stored(alice, title) for title in sent), 60), report(running)
    assert wait_for(lambda: _rows(running, "SELECT 1 FROM library_sync WHERE finished_at IS NULL") == [], 60)

    site.manage("shell", "--no-imports", "-c", _AWAY)
    waiting = _sends(alice, 3)
    held_off = "SELECT 1 FROM uploads_upload WHERE status <> 'stored' AND waits > 0"
    assert wait_for(lambda: _rows(running, held_off), 60), report(running)
    assert not any(_signs_in(bob.username, f"guess {number}", site) for number in range(_GUESSES))
    assert not _signs_in(bob.username, bob.password, site)  # he has to wait for some minutes
    programs = set(running.programs())

    clock.put_right()
    put_right_at, now = time.monotonic(), datetime.now(UTC)
    site.manage("shell", "--no-imports", "-c", _BACK)
    assert wait_for(lambda: all(is_stored(alice, title) for title in waiting), _SETTLED_WITHIN), report(
        running
    )
    assert wait_for(lambda: _signs_in(bob.username, bob.password, site), _SETTLED_WITHIN)
    assert wait_for(lambda: _is_synced_since(running, now), _SETTLED_WITHIN), report(running)
    assert wait_for(lambda: _is_well(running), _SETTLED_WITHIN), f"{_health(running)}\n{report(running)}"

    until = put_right_at + _WATCHED_FOR
    while time.monotonic() < until:
        assert _is_well(running), f"{_health(running)}\n{report(running)}"
        time.sleep(1)
    assert programs <= set(running.programs()), report(running)
