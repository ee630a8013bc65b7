"""The supervisor's parts, with small real programs instead of the site's."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery.supervisor import lock, logs, ports, readiness
from gallery.supervisor.child import Child, WillNotRun, pause_before_restart
from gallery.supervisor.guard import Guard
from gallery.supervisor.heartbeat import Heartbeat
from gallery.supervisor.programs import Program, Site
from gallery.supervisor.supervisor import Stopped, Supervisor
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


def _news(child: Child, seconds: float = 60) -> str:
    """The next thing that the child tells."""
    news = ""

    def tells() -> bool:
        nonlocal news
        news = child.ensure_running()
        return bool(news)

    assert wait_for(tells, seconds)
    return news


def test_child_that_always_ends_is_started_again_each_time_later(site: Site, guard: Guard) -> None:
    child = _child(site, guard, "raise SystemExit(3)")
    child.start()
    for pause in (1, 2, 4):
        assert f"small ended with code 3. It is started again in {pause} s." in _news(child)
    assert [pause_before_restart(ends) for ends in (0, 1, 2, 3, 4, 5, 5000)] == [1, 2, 4, 8, 16, 30, 30]


def test_child_that_ran_well_is_started_again_soon(site: Site, guard: Guard) -> None:
    command = [sys.executable, "-uc", "import time; time.sleep(0.5)"]
    child = Child(Program(name="small", command=command, runs_well_after=0.4), site, guard)
    child.start()
    for _ in range(2):
        assert "started again in 1 s" in _news(child)


def test_child_that_cannot_be_started_is_tried_again(site: Site, guard: Guard) -> None:
    child = Child(Program(name="small", command=["/nowhere/program"]), site, guard)
    assert "small could not be started" in child.start()
    assert "started again in 2 s" in _news(child)


_HANGS = """
import pathlib, sys, time
for _ in range(4):
    pathlib.Path(sys.argv[1]).touch(); time.sleep(0.2)
print("tired"); time.sleep(60)
"""


def _watched(
    site: Site, guard: Guard, code: str, heartbeat_timeout: float, start_timeout: float = 60
) -> Child:
    ready_file = site.data / "small.ready"
    return Child(
        Program(
            name="small",
            command=[sys.executable, "-uc", code, str(ready_file)],
            ready_file=ready_file,
            latest_sign=lambda: readiness.touched_at(ready_file),
            heartbeat_timeout=heartbeat_timeout,
            start_timeout=start_timeout,
        ),
        site,
        guard,
    )


def test_child_without_signs_of_life_is_ended_and_started_again(site: Site, guard: Guard) -> None:
    child = _watched(site, guard, _HANGS, heartbeat_timeout=3)
    child.start()
    assert "small hung, showing no sign of life, and was ended" in _news(child)
    assert (site.logs / "small.log").read_text() == "tired\n", "not before its last sign"
    assert wait_for(lambda: not child.ensure_running() and child.is_running(), 30)


def test_child_that_is_stopped_by_a_signal_is_ended_with_its_own_children(site: Site, guard: Guard) -> None:
    code = """
import os, pathlib, signal, subprocess, sys
print(os.getpid(), subprocess.Popen(["sleep", "60"]).pid)
pathlib.Path(sys.argv[1]).touch()
os.kill(os.getpid(), signal.SIGSTOP)
"""
    child = _watched(site, guard, code, heartbeat_timeout=1.5)
    child.start()
    assert "small hung" in _news(child)
    pids = [int(pid) for pid in (site.logs / "small.log").read_text().split()]
    assert len(pids) == 2
    assert wait_for(lambda: not any(_is_alive(pid) for pid in pids), 30)


def test_child_has_its_own_time_to_start(site: Site, guard: Guard) -> None:
    child = _watched(site, guard, "import time; time.sleep(60)", heartbeat_timeout=0.2, start_timeout=2)
    started = time.monotonic()
    child.start()
    assert "small hung" in _news(child)
    assert time.monotonic() - started >= 2


def test_time_in_which_nobody_looked_is_no_silence() -> None:
    """The supervisor or the whole machine was stopped."""
    heartbeat = Heartbeat(lambda: None, timeout=0.8)
    heartbeat.begin(start_timeout=0.8)
    time.sleep(2)
    assert not heartbeat.has_stopped()
    assert wait_for(heartbeat.has_stopped, 30)


def test_child_goes_on_without_a_log(site: Site, guard: Guard) -> None:
    child = _child(site, guard, "print('unheard' * 1000); import time; time.sleep(60)")
    (site.logs / "small.log").mkdir()
    assert child.start() == ""
    assert child.ensure_running() == ""
    assert child.is_running()
    child.stop(lambda: True)


def test_child_takes_its_own_children_with_it(site: Site, guard: Guard) -> None:
    """As a killed worker's pool processes, or the holder of the port."""
    leftover = "import os, subprocess; print(subprocess.Popen(['sleep', '60']).pid); os.abort()"
    child = _child(site, guard, leftover)
    child.start()
    assert "small ended by SIGABRT" in _news(child)
    pid = int((site.logs / "small.log").read_text().split()[0])
    assert wait_for(lambda: not _is_alive(pid), 30)


def test_child_that_does_not_stop_is_ended_when_it_is_urgent(site: Site, guard: Guard) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    child = _child(site, guard, deaf)
    child.start()
    assert wait_for(lambda: "deaf" in (site.logs / "small.log").read_text(), 30)
    looks = itertools.count(1)
    child.stop(lambda: next(looks) == 6)
    assert not child.is_running()
    assert next(looks) == 7, "it was ended at the sixth look, not at the end of its time"


@pytest.mark.parametrize("is_revived", [False, True])
def test_guard_ends_all_groups_when_the_supervisor_is_killed(tmp_path: Path, is_revived: bool) -> None:
    """A process of its own plays the supervisor: it dies by SIGKILL, its children must follow."""
    supervisor = f"""
import os, signal, subprocess, sys
from pathlib import Path
from gallery.supervisor.guard import Guard
guard = Guard(os.open({str(tmp_path / "lock")!r}, os.O_RDWR | os.O_CREAT))
guard_process = int(Path(f"/proc/{{os.getpid()}}/task/{{os.getpid()}}/children").read_text())
sleepers = [subprocess.Popen(["sleep", "60"], start_new_session=True) for _ in range(2)]
for sleeper in sleepers:
    guard.watch(sleeper.pid)
if {is_revived}:
    os.kill(guard_process, signal.SIGKILL)
    os.waitid(os.P_PID, guard_process, os.WEXITED | os.WNOWAIT)
    guard.revive()
print(*(sleeper.pid for sleeper in sleepers), file=open({str(tmp_path / "pids")!r}, "w"), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    code = os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", supervisor])
    assert code == -signal.SIGKILL
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert len(pids) == 2
    assert wait_for(lambda: not any(_is_alive(pid) for pid in pids), 60)


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


def _bound(port: int, option: int) -> socket.socket:
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, option, 1)
    server.bind((ports.HOST, port))
    server.listen()
    return server


def test_reserved_port_is_for_granian_alone() -> None:
    port = ports.reserve(free_port())
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        with pytest.raises(OSError, match="in use"):
            _bound(port, option)
    ports.hand_over(port)
    with pytest.raises(OSError, match="in use"):
        _bound(port, socket.SO_REUSEADDR)
    assert not ports.is_free(port)
    with _bound(port, socket.SO_REUSEPORT) as server, socket.create_connection((ports.HOST, port), 5):
        server.accept()[0].close()
    assert not ports.is_free(port), "reserved while its server is started again"


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
    lines = {path.name: path.read_text().splitlines()[0] for path in tmp_path.iterdir()}
    assert lines == {
        "web.log": "start 5",
        "web.log.1": "start 4",
        "web.log.2": "start 3",
        "web.log.3": "start 2",
    }
    assert logs.last_lines(log, 1) == "last words 5"


def test_long_log_goes_on_empty_after_a_copy(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with os.fdopen(logs.open_to_append(log), "w", buffering=1) as file:
        file.write("early\n" + "x" * logs.LONGEST + "\n")
        logs.shorten(log)
        file.write("late\n")
        logs.shorten(log)
    assert log.read_text() == "late\n"
    assert (tmp_path / "web.log.1").read_text().startswith("early\n")


@pytest.fixture
def _own_signals() -> Iterator[None]:
    """A supervisor listens to signals from its start; afterwards they are this process's own again."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_own_signals")
def test_output_of_a_program_is_said_line_by_line_to_its_end(site: Site, tmp_path: Path) -> None:
    messages: list[str] = []
    code = "import time; print('a quarter'); print('half', end=''); time.sleep(0.3); print(' and all')"
    program = Program(name="painter", command=[sys.executable, "-uc", code])
    with Supervisor(site, lock.hold(tmp_path / "data"), messages.append) as supervisor:
        supervisor.run_once(program, shows_output=True)
        supervisor.run_once(program)
    assert messages == ["a quarter", "half and all"]


@pytest.mark.usefixtures("_own_signals")
def test_program_that_never_starts_ends_the_first_start_with_its_last_words(
    site: Site, tmp_path: Path
) -> None:
    code = "print('the cellar is flooded'); raise SystemExit(3)"
    program = Program(name="small", command=[sys.executable, "-uc", code], missing=lambda: "everything")
    with (
        pytest.raises(
            WillNotRun, match=r"(?s)small ended with code 3, 3 times before.*the cellar is flooded"
        ),
        Supervisor(site, lock.hold(tmp_path / "data"), lambda text: None) as supervisor,
    ):
        supervisor.start(program)


@pytest.mark.usefixtures("_own_signals")
def test_program_that_ends_again_and_again_stops_no_other(site: Site, tmp_path: Path) -> None:
    news: list[str] = []

    def say(text: str) -> None:
        news.append(text)
        if len(news) == 4:
            raise Stopped

    steady = Program(
        name="steady", command=[sys.executable, "-uc", "print('on'); import time; time.sleep(60)"]
    )
    ending = Program(name="ending", command=[sys.executable, "-c", "raise SystemExit(1)"])
    with pytest.raises(Stopped), Supervisor(site, lock.hold(tmp_path / "data"), say) as supervisor:
        supervisor.start(steady, ending)
        supervisor.watch()
    assert all(line.startswith("ending ended with code 1") for line in news)
    assert (site.logs / "steady.log").read_text() == "on\n", "never started again"


def test_file_that_is_touched_again_shows_a_living_program(tmp_path: Path) -> None:
    ready_file = tmp_path / "small.ready"
    assert "no sign of life" in readiness.of_living_program(ready_file, timeout=0.5)
    touching = f"while :; do touch '{ready_file}'; sleep 0.1; done"
    with subprocess.Popen(["/bin/sh", "-c", touching]) as shell:
        assert readiness.of_living_program(ready_file) == ""
        shell.kill()
    assert readiness.of_file(ready_file) == ""
    readiness.reset(ready_file)
    assert readiness.of_file(ready_file) == "it has not shown that it is ready"
    assert "no sign of life" in readiness.of_living_program(ready_file, timeout=0.5)
