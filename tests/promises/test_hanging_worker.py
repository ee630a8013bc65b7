"""A pool process that hangs is noticed, ended and replaced, and what it held goes on elsewhere."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.support.running_site import RunningSite, free_port, wait_for

pytestmark = pytest.mark.whole_site
POOL = 3


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    folder = tmp_path_factory.mktemp("hanging")
    site = RunningSite(folder / "data", free_port(), HANG_SECONDS="4", LOG_LEVEL="WARNING")
    site.wait_until_ready()
    yield site
    site.stop()


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def pool_of(site: RunningSite) -> set[int]:
    workers = set(site.programs("gallery worker"))
    return {pid for pid in workers if parent_of(pid) in workers}


def health_of(site: RunningSite) -> dict[str, object]:
    try:
        with urlopen(f"{site.address}health/", timeout=10) as answer:
            return dict(json.load(answer))
    except HTTPError as answer:
        return dict(json.load(answer))


def test_pool_process_that_hangs_is_replaced(site: RunningSite) -> None:
    assert wait_for(lambda: len(pool_of(site)) == POOL, 30)
    hung = min(pool_of(site))
    os.kill(hung, signal.SIGSTOP)
    assert wait_for(lambda: hung not in pool_of(site) and len(pool_of(site)) == POOL, 60)
    assert wait_for(lambda: health_of(site)["worker"] == "ok", 60)


def test_health_names_a_worker_that_is_silent(site: RunningSite) -> None:
    assert wait_for(lambda: health_of(site)["worker"] == "ok", 60)
    workers = set(site.programs("gallery worker"))
    (main,) = (pid for pid in workers if parent_of(pid) not in workers)
    os.kill(main, signal.SIGSTOP)
    try:
        assert wait_for(lambda: health_of(site)["worker"] == "failing", 60)
    finally:
        if main in site.programs("gallery worker"):
            os.kill(main, signal.SIGCONT)
    assert wait_for(lambda: health_of(site)["worker"] == "ok", 60)


def test_health_says_how_long_the_oldest_row_waits(site: RunningSite) -> None:
    ages = health_of(site)["oldest_due_seconds"]
    assert isinstance(ages, dict) and ages["uploads"] == 0
