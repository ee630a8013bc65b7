"""A data folder without room: files are refused in words, pages answer, and all goes on when there is room.

FULL_DISK_SECONDS says how long there is none (15 by default).
"""

import errno
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from tests.journeys.conftest import Site
from tests.journeys.test_journeys import choice, is_stored, link_orange, link_sapo
from tests.support.painting import picture
from tests.support.person import Person
from tests.support.running_site import INHERITED, RunningSite, free_port, wait_for

pytestmark = pytest.mark.whole_site

_SIZE = 160_000_000  # bytes
_SECONDS = float(os.environ.get("FULL_DISK_SECONDS", "15"))
_SETTLED_WITHIN = 60.0  # seconds after there is room again


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("a file system can only be mounted by root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture
def running(small_disk: Path) -> Iterator[RunningSite]:
    running = RunningSite(small_disk / "data", free_port(), SYNC_INTERVAL="3600").wait_until_ready()
    yield running
    if running.process.poll() is None:
        running.stop()


def _fill(disk: Path) -> None:
    """To the last byte, again and again, as somebody else's program that writes all the time."""
    with (disk / "filler").open("ab", buffering=0) as filler, suppress(OSError):
        for size in (1_000_000, 4096, 1):
            _write_until_full(filler.fileno(), size)


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
    fields = {"csrfmiddlewaretoken": str(form.fields["csrfmiddlewaretoken"]), "account": account, "title": title}
    return person.session.post(
        f"{person.site_url}/uploads/new/", data=fields, timeout=30, allow_redirects=False,
        headers={"X-One-File": "1", "Referer": person.site_url},
        files={"files": (f"{title}.jpg", picture(width=900, height=700, text=title), "image/jpeg")},
    )  # fmt: skip


def test_full_disk_refuses_in_words_and_everything_accepted_is_sent_when_there_is_room(
    small_disk: Path, running: RunningSite
) -> None:
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    site = Site(running.address.rstrip("/"), environment | {"DATA_DIR": str(running.data)})
    alice = site.somebody("alice")
    link_sapo(alice)
    link_orange(alice)
    accounts = [choice(alice, "SAPO"), choice(alice, "Orange")]
    alice.goes_to("/uploads/new/")

    accepted, refused, broken = [], [], []
    until = time.monotonic() + _SECONDS
    number = 0
    for _ in range(4):  # on their way when the room ends
        title = f"Before{secrets.token_hex(4)}"
        assert _send(alice, accounts[number % 2], title).status_code == 201
        accepted.append(title)
        number += 1
    while time.monotonic() < until:
        _fill(small_disk)
        title = f"During{secrets.token_hex(4)}"
        answer = _send(alice, accounts[number % 2], title)
        number += 1
        print(answer.status_code, answer.text[:150].replace("\n", " "))
        if answer.status_code == 201:
            accepted.append(title)
        elif answer.status_code < 500 or answer.status_code in (503, 507):
            refused.append(answer.text)
        else:
            broken.append(answer.text[:300])
        page = Person(site.url).goes_to("/accounts/login/")
        print(page.status_code)
        r = alice.session.get(f"{site.url}/uploads/", timeout=30)
        print("uploads", r.status_code)
        r = alice.session.get(f"{site.url}/", timeout=30)
        print("home", r.status_code)
        time.sleep(1)
    (small_disk / "filler").unlink()
    print(running.output)

    assert wait_for(lambda: all(is_stored(alice, title) for title in accepted), _SETTLED_WITHIN), running.output
    assert refused and not broken, broken
    assert wait_for(running.is_healthy, 10)
