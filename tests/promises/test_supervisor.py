"""The supervisor's parts, with small real programs instead of the site's."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery.supervisor import lock, logs, ports
from gallery.supervisor.child import Child, WillNotRun
from gallery.supervisor.guard import Guard
from gallery.supervisor.programs import Program, Site
from gallery.supervisor.supervisor import Supervisor
from tests.support.running_site import free_port, wait_for


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "logs").mkdir()
    return Site(data=tmp_path, code=tmp_path, web_port=1, services_port=2, socket=None)


@pytest.fixture
def guard(tmp_path: Path) -> Iterator[Guard]:
    descriptor = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    guard = Guard(descriptor)
    yield guard
    guard.close()
    os.close(descriptor)


def _child(site: Site, guard: Guard, code: str) -> Child:
    return Child(Program(name="small", command=[sys.executable, "-uc", code]), site, guard)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_child_that_always_ends_is_given_up_with_its_last_words(site: Site, guard: Guard) -> None:
    child = _child(site, guard, "print('the cellar is flooded'); raise SystemExit(3)")
    started = time.monotonic()
    child.start()
    with pytest.raises(WillNotRun, match=r"(?s)ended 5 times.*code 3.*the cellar is flooded"):
        while True:
            child.keep_up()
            time.sleep(0.02)
    assert (site.logs / "small.log").read_text().count("flooded") == 5
    assert time.monotonic() - started > 0.4 + 0.8 + 1.6 + 3.2, "each pause is twice the last"


def test_child_takes_its_own_children_with_it(site: Site, guard: Guard) -> None:
    """As a killed worker's pool processes, or the holder of the port."""
    leftover = "import os, subprocess; print(subprocess.Popen(['sleep', '60']).pid); os.abort()"
    child = _child(site, guard, leftover)
    child.start()
    assert wait_for(lambda: child.keep_up(), 5)
    pid = int((site.logs / "small.log").read_text().split()[0])
    assert wait_for(lambda: not _is_alive(pid), 5)


def test_child_that_does_not_stop_is_ended_when_it_is_urgent(site: Site, guard: Guard) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    child = _child(site, guard, deaf)
    child.start()
    assert wait_for(lambda: "deaf" in (site.logs / "small.log").read_text(), 5)
    started = time.monotonic()
    child.stop(lambda: time.monotonic() - started > 0.3)
    assert not child.is_running()
    assert 0.3 < time.monotonic() - started < 20, "it would sleep for a minute"


@pytest.mark.parametrize("is_revived", [False, True])
def test_guard_ends_all_groups_when_the_supervisor_is_killed(tmp_path: Path, is_revived: bool) -> None:
    """A process of its own plays the supervisor: it dies by SIGKILL, its children must follow."""
    supervisor = f"""
import os, signal, subprocess, sys, time
from gallery.supervisor.guard import Guard
guard = Guard(os.open({str(tmp_path / "lock")!r}, os.O_RDWR | os.O_CREAT))
sleepers = [subprocess.Popen(["sleep", "60"], start_new_session=True) for _ in range(2)]
for sleeper in sleepers:
    guard.watch(sleeper.pid)
if {is_revived}:
    guard._process.kill(); guard._process.wait(); guard.revive()
print(*(sleeper.pid for sleeper in sleepers), file=open({str(tmp_path / "pids")!r}, "w"), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    code = os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", supervisor])
    assert code == -signal.SIGKILL
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert len(pids) == 2
    assert wait_for(lambda: not any(_is_alive(pid) for pid in pids), 12)


def test_lock_is_taken_once_and_names_its_owner(tmp_path: Path) -> None:
    held = lock.hold(tmp_path / "data")
    with pytest.raises(lock.AlreadyRunning, match=str(os.getpid())):
        lock.hold(tmp_path / "data")
    os.close(held)


def test_port_in_use_is_passed_over() -> None:
    with socket.create_server((ports.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert not ports.is_free(port)
        assert ports.reserve(port) > port
    assert ports.is_free(port)


def test_port_chosen_by_one_site_is_not_chosen_by_another() -> None:
    """Neither listens yet; granian would let both do it."""
    port = free_port()
    chosen = subprocess.run(
        [sys.executable, "-c", f"from gallery.supervisor import ports; print(ports.reserve({port}))"],
        stdout=subprocess.PIPE,
        check=True,
    )
    assert int(chosen.stdout) == port, "given back when its process ended"
    assert ports.reserve(port) == port
    assert ports.reserve(port) > port, "the same process is another site too"


def test_ports_of_the_services_are_far_from_those_of_sites() -> None:
    assert ports.reserve_for_services(20_000) >= 30_000
    assert ports.reserve_for_services(60_000) < 60_000


def test_logs_of_the_last_starts_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    for number in range(6):
        logs.turn_over(log)
        log.write_text(f"start {number}\nlast words {number}")
    kept = {path.name: path.read_text().splitlines()[0] for path in tmp_path.iterdir()}
    assert kept == {
        "web.log": "start 5",
        "web.log.1": "start 4",
        "web.log.2": "start 3",
        "web.log.3": "start 2",
    }
    assert logs.last_lines(log, 1) == "last words 5"


@pytest.fixture
def _own_signals() -> Iterator[None]:
    """A supervisor listens to signals from its start; afterwards they are this process's own again."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_own_signals")
def test_what_a_heard_program_prints_is_said_line_by_line_to_its_end(site: Site, tmp_path: Path) -> None:
    said: list[str] = []
    code = "import time; print('a quarter'); print('half', end=''); time.sleep(0.3); print(' and all')"
    program = Program(name="painter", command=[sys.executable, "-uc", code])
    with Supervisor(site, lock.hold(tmp_path / "data"), said.append) as supervisor:
        supervisor.run_once(program, is_heard=True)
        supervisor.run_once(program)
    assert said == ["a quarter", "half and all"]
