"""A data folder without room: files are refused in words, pages answer, and all goes on when there is room.

FULL_DISK_SECONDS says how long there is none (15 by default).
"""

import errno
import itertools
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from tests.journeys.conftest import Site
from tests.journeys.test_journeys import choice, is_stored, link_orange, link_sapo
from tests.support.left_behind import report
from tests.support.painting import picture
from tests.support.person import Person
from tests.support.running_site import INHERITED, RunningSite, free_port, wait_for

pytestmark = pytest.mark.whole_site

_SIZE, _FILES = 160_000_000, 6_000  # bytes and files
_SECONDS = float(os.environ.get("FULL_DISK_SECONDS", "15"))
_SETTLED_WITHIN = 60.0  # seconds after there is room again


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE},nr_inodes={_FILES}", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("a file system can only be mounted by root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture
def running(small_disk: Path) -> Iterator[RunningSite]:
    # Where only a listing tells, a file whose worker was killed on the way is doubted for a while.
    settings = {"SYNC_INTERVAL": "3600", "UPLOAD_DOUBT_SECONDS": "5"}
    running = RunningSite(small_disk / "data", free_port(), **settings).wait_until_ready()
    yield running
    if running.process.poll() is None:
        running.stop()


def _fill_bytes(folder: Path) -> None:
    """To the last byte, as somebody else's program that writes all the time."""
    with (folder / "large").open("ab", buffering=0) as large:
        for size in (1_000_000, 4096, 1):
            _write_until_full(large.fileno(), size)


def _fill_files(folder: Path) -> None:
    """There is room, and not for one more file."""
    with suppress(OSError):
        while True:
            (folder / secrets.token_hex(8)).touch()


def _write_until_full(file: int, size: int) -> None:
    try:
        while True:
            os.write(file, b"x" * size)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def _send(person: Person, account: str, title: str) -> requests.Response:
    """As the upload page's script does."""
    form = person.form(holding="new_album")
    fields = {
        "csrfmiddlewaretoken": str(form.fields["csrfmiddlewaretoken"]),
        "account": account,
        "title": title,
    }
    return person.session.post(
        f"{person.site_url}/uploads/new/", data=fields, timeout=30, allow_redirects=False,
        headers={"X-One-File": "1", "Referer": person.site_url},
        files={"files": (f"{title}.jpg", picture(width=900, height=700, text=title), "image/jpeg")},
    )  # fmt: skip


@pytest.fixture
def alice(running: RunningSite) -> Person:
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    site = Site(running.address.rstrip("/"), environment | {"DATA_DIR": str(running.data)})
    alice = site.somebody("alice")
    link_sapo(alice)
    link_orange(alice)
    return alice


def _kill_some(running: RunningSite) -> None:
    """So that programs have to start without room as well."""
    for word in ("gallery worker", "gallery beat", "valkey-server"):
        os.kill(min(running.programs(word)), signal.SIGKILL)


@pytest.mark.parametrize("fill", [_fill_bytes, _fill_files])
def test_full_disk_refuses_in_words_and_everything_accepted_is_sent_when_there_is_room(
    small_disk: Path, running: RunningSite, alice: Person, fill: Callable[[Path], None]
) -> None:
    filler = small_disk / "filler"
    filler.mkdir()
    accounts = itertools.cycle([choice(alice, "SAPO"), choice(alice, "Orange")])
    alice.goes_to("/uploads/new/")
    accepted = [f"Before{number}x{secrets.token_hex(4)}" for number in range(8)]  # on their way when it fills
    assert [_send(alice, next(accounts), title).status_code for title in accepted] == [201] * 8
    refusals, full_until = [], time.monotonic() + _SECONDS
    fill(filler)
    _kill_some(running)
    while time.monotonic() < full_until:
        fill(filler)
        title = f"During{secrets.token_hex(4)}"
        answer = _send(alice, next(accounts), title)
        assert answer.status_code in (201, 422), answer.text
        accepted += [title] if answer.status_code == 201 else []
        refusals += [answer.text] if answer.status_code == 422 else []
        for page in ("/", "/uploads/", "/albums/", "/linked/"):
            assert alice.session.get(f"{alice.site_url}{page}", timeout=30).status_code == 200, page
        time.sleep(0.5)
    assert refusals
    assert all("Nothing was sent" in refusal for refusal in refusals), refusals[0]

    shutil.rmtree(filler)
    assert wait_for(lambda: all(is_stored(alice, title) for title in accepted), _SETTLED_WITHIN), (
        running.output,
        alice.goes_to("/uploads/").text,
    )
    assert running.process.poll() is None
    assert wait_for(running.is_healthy, 30), report(running)
