"""Hurts a running site while people upload, and writes down what became of every file.

    .venv/bin/python -m tests.promises.chaos --uploads 200 --seconds 150 --seed 1

The site is `manage.py up` in a folder of its own, with its own two servers as the services; files come
by HTTP as the page's script sends them, and are sent again when no answer came. Prints one line of
figures; ends with 1 when anything was lost, doubled or left over (tests/promises/chaos_truth.py).
"""

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from redis import Redis, RedisError

from gallery.supervisor.valkey import socket_path
from tests.journeys.conftest import Site
from tests.journeys.test_journeys import choice, link_orange, link_sapo
from tests.support.painting import picture
from tests.support.person import Person
from tests.support.running_site import INHERITED, ROOT, RunningSite, free_port, wait_for

SETTLED_WITHIN = 60  # seconds after the last harm
LEAST_HARM = 4  # however slow the machine is
_SENDERS = 2
# What is killed, and how seldom: the supervisor waits longer after each end of the same program.
_PAUSES = {
    "pool": 0.0, "flush": 10.0, "worker": 20.0, "web": 25.0, "services": 25.0, "beat": 30.0, "valkey": 30.0,
    "site": 60.0,
}  # fmt: skip
_WORDS = {
    "worker": "gallery worker", "beat": "gallery beat", "valkey": "valkey-server",
}  # fmt: skip


@dataclass(frozen=True)
class File:
    """One file that somebody wants to have stored."""

    name: str
    content: bytes
    account: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class Nemesis(threading.Thread):
    """Kills one thing after the other until told to stop. The same seed chooses the same things."""

    def __init__(self, site: RunningSite, seed: int) -> None:
        super().__init__(daemon=True)
        self.site = site
        self._chance = random.Random(seed)
        self._last: dict[str, float] = {}
        self._began_at = time.monotonic()
        self.is_over = threading.Event()
        self.done: dict[str, int] = {}

    def run(self) -> None:
        while not self.is_over.wait(self._chance.uniform(0.4, 1.4)):
            self._hurt(self._chance.choice([*_PAUSES, *["pool"] * 5]))

    def _hurt(self, what: str) -> None:
        now = time.monotonic()
        if now - self._last.get(what, self._began_at) < _PAUSES[what]:
            what = "pool"
        self._last[what] = now
        with suppress(OSError, RedisError, IndexError):  # it is down already
            if what == "flush":
                Redis(unix_socket_path=str(socket_path(self.site.data))).flushall()
            elif what == "site":
                self._start_again()
            else:
                os.kill(self._victim(what), signal.SIGKILL)
            self.done[what] = self.done.get(what, 0) + 1

    def _start_again(self) -> None:
        """As after a power cut: the supervisor and all it started are gone, then somebody starts it."""
        port = int(self.site.address.rstrip("/").rpartition(":")[2])
        self.site.process.kill()
        wait_for(lambda: not self.site.programs(), 60)
        self.site = start(self.site.data, port)

    def _victim(self, what: str) -> int:
        if what in ("web", "services"):
            port = self.site.address.rstrip("/").rpartition(":")[2]
            servers = self.site.programs("granian --interface")
            is_web = {pid: f"--port {port} " in line for pid, line in servers.items()}
            return self._chance.choice(sorted(pid for pid in servers if is_web[pid] == (what == "web")))
        pids = sorted(self.site.programs(_WORDS.get(what, _WORDS["worker"])))
        return self._chance.choice(pids[1:]) if what == "pool" else pids[0]


@dataclass
class Sender(threading.Thread):
    """Sends files as the upload page's script does: one at a time, again when the line broke."""

    person: Person
    form: dict[str, str]
    files: list[File]
    address: Callable[[], str]
    pause: float  # seconds between two files
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    resent: int = 0
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        for file in self.files:
            while not self._send(file):
                self.resent += 1
                if self.resent > 100 * len(self.files):
                    return  # the site does not come back
                time.sleep(0.3)
            time.sleep(self.pause)

    def _send(self, file: File) -> bool:
        """Whether an answer came that says what became of it."""
        form = {**self.form, "key": self.key, "account": file.account}
        try:
            answer = self.person.session.post(
                f"{self.address()}uploads/new/", data=form, headers={"X-One-File": "1"}, timeout=30,
                files={"files": (file.name, file.content, "image/jpeg")}, allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException:
            return False
        if answer.status_code == 422:
            self.refused.append(f"{file.name}: {answer.text[:200]}")
        return answer.status_code in (201, 422)


def truth_reported(environment: dict[str, str]) -> dict[str, Any]:
    """What the site's own tables, the services' tables and the disk say."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.promises.chaos_truth"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    reply: dict[str, Any] = json.loads(done.stdout)
    return reply


def start(data: Path, port: int) -> RunningSite:
    # Where only a listing tells whether a file arrived, so long it is looked for before it goes again.
    return RunningSite(data, port, SYNC_INTERVAL="3600", UPLOAD_DOUBT_SECONDS="20").wait_until_ready()


def run(
    data: Path, uploads: int, seconds: float, seed: int, timeout: float = SETTLED_WITHIN
) -> dict[str, Any]:
    """Figures of one run: what was done to the site, and what the truth was afterwards.

    `timeout`: how long the last upload may take to end, in seconds.
    """
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    nemesis = Nemesis(start(data, free_port()), seed)
    try:
        site = nemesis.site
        people = Site(site.address.rstrip("/"), {**environment, "DATA_DIR": str(data)})
        alice = people.somebody("alice")
        link_sapo(alice)
        link_orange(alice)
        senders = _senders(alice, site, _files(alice, uploads, seed), 0.8 * seconds * _SENDERS / uploads)
        began_at = time.monotonic()
        for thread in (nemesis, *senders):
            thread.start()
        for sender in senders:
            sender.join(max(seconds * 3, timeout))
        time.sleep(max(0.0, seconds - (time.monotonic() - began_at)))
        wait_for(lambda: sum(nemesis.done.values()) >= LEAST_HARM, timeout)
        nemesis.is_over.set()
        nemesis.join()
        site = nemesis.site
        over_at = time.monotonic()
        variables = environment | {"DATA_DIR": str(data)}
        wait_for(lambda: truth_reported(variables)["unsettled"] == 0, timeout)
        settled = time.monotonic() - over_at
        truth = truth_reported(variables)
        assert site.process.poll() is None, site.output
        sent = {file.sha256 for sender in senders for file in sender.files}
        return {
            "sent": len(sent), "resent": sum(sender.resent for sender in senders),
            "refused": [line for sender in senders for line in sender.refused],
            "harm": nemesis.done, "settled_seconds": round(settled, 1),
            "lost": sorted(sent - set(truth["accepted"])), **truth,
        }  # fmt: skip
    finally:
        nemesis.is_over.set()
        if nemesis.is_alive():
            nemesis.join()
        if nemesis.site.process.poll() is None:
            nemesis.site.stop()


def _files(alice: Person, uploads: int, seed: int) -> list[File]:
    accounts = [choice(alice, "SAPO"), choice(alice, "Orange")]
    chance = random.Random(seed)
    return [
        File(
            name=f"{seed}-{number}.jpg",
            content=picture("jpeg", chance.randint(200, 1600), 400, text=f"{seed} {number}"),
            account=accounts[number % 2],
        )
        for number in range(uploads)
    ]


def _senders(alice: Person, site: RunningSite, files: list[File], pause: float) -> list[Sender]:
    alice.goes_to("/uploads/new/")
    form = alice.form(holding="new_album")
    token = {"csrfmiddlewaretoken": str(form.fields["csrfmiddlewaretoken"]), "new_album": "Storm"}
    senders = []
    for place in range(_SENDERS):
        person = Person(site.address)
        person.session.cookies.update(alice.session.cookies)
        person.session.headers["Referer"] = site.address
        senders.append(Sender(person, token, files[place::_SENDERS], lambda: site.address, pause))
    return senders


def failures(figures: dict[str, Any]) -> list[str]:
    """What must not be, in words; empty when the promise was kept."""
    found = [
        f"{name}: {figures[name]}"
        for name in ("lost", "refused", "doubled", "failed", "not_there", "unknown_there")
        if figures[name]
    ]
    # A service killed between file and row keeps the file: at most one for each such kill.
    left, harm = figures["left_over"], figures["harm"]
    if left["here"] or len(left["at_services"]) > harm.get("services", 0) + harm.get("site", 0):
        found.append(f"left over: {left}")
    if figures["albums"]["made"] != figures["albums"]["asked"]:
        found.append(f"albums: {figures['albums']}")
    if figures["unsettled"]:
        found.append(f"{figures['unsettled']} not settled after {figures['settled_seconds']} s")
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=None)
    arguments = parser.parse_args()
    folder = arguments.data or Path(tempfile.mkdtemp(prefix="pomar-chaos-")) / "data"
    figures = run(folder, arguments.uploads, arguments.seconds, arguments.seed)
    figures.pop("accepted")
    print(json.dumps(figures, indent=1))  # noqa: T201
    sys.exit(1 if failures({**figures, "accepted": []}) else 0)
