"""Programs of a running site that neither end nor work (SIGSTOP) are noticed and brought back."""

import os
import secrets
import signal
from collections.abc import Iterator

import pytest

from tests.journeys.conftest import Site
from tests.journeys.test_journeys import is_stored, link_sapo, upload
from tests.support.painting import picture
from tests.support.person import Person
from tests.support.running_site import INHERITED, RunningSite, free_port, wait_for

pytestmark = pytest.mark.whole_site

_HANG_SECONDS = 8  # the programs show signs of life every five
_BACK_WITHIN = 60.0  # seconds, of a busy machine


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    data = tmp_path_factory.mktemp("hanging") / "data"
    running = RunningSite(data, free_port(), SYNC_INTERVAL="3600", HANG_SECONDS=str(_HANG_SECONDS))
    yield running.wait_until_ready()
    running.stop()


@pytest.fixture(scope="module")
def alice(running: RunningSite) -> Person:
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    site = Site(running.address.rstrip("/"), environment | {"DATA_DIR": str(running.data)})
    alice = site.somebody("alice")
    link_sapo(alice)
    return alice


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("worker", "gallery worker"),
        ("beat", "gallery beat"),
        ("valkey", "valkey-server"),
    ],
)
def test_hanging_program_is_started_again_and_an_upload_goes_through(
    running: RunningSite, alice: Person, name: str, word: str
) -> None:
    hanging = min(running.programs(word))
    os.kill(hanging, signal.SIGSTOP)
    assert wait_for(lambda: hanging not in running.programs(), _BACK_WITHIN), running.output
    assert wait_for(lambda: f"{name} hung, showing no sign of life, and was ended" in running.output, 30)
    assert wait_for(lambda: running.programs(word), _BACK_WITHIN), running.output
    title = f"Farol{secrets.token_hex(4)}"
    upload(alice, picture(text=title), "farol.jpg", title=title)
    assert alice.waits_until(lambda: is_stored(alice, title), 90), alice.goes_to("/uploads/").text


def test_page_answers_while_the_queue_hangs(running: RunningSite) -> None:
    hanging = min(running.programs("valkey-server"))
    os.kill(hanging, signal.SIGSTOP)
    while hanging in running.programs():
        assert Person(running.address).goes_to("/accounts/login/").status_code == 200
    assert wait_for(running.is_healthy, _BACK_WITHIN), running.output
