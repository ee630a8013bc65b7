"""One running program: started in a session of its own, stopped with all it started."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable

from gallery.supervisor import logs, readiness
from gallery.supervisor.guard import Guard
from gallery.supervisor.heartbeat import Heartbeat
from gallery.supervisor.programs import Program, Site

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds
_STOP_WITHIN = 15.0  # above the worker's grace of ten seconds and the web server's of eight


class WillNotRun(Exception):
    """A program cannot be started with the site; the message says it and shows the end of its log."""


class Child:
    def __init__(self, program: Program, site: Site, guard: Guard) -> None:
        self.program = program
        self.ends = 0  # since it last ran well
        self.last_end = ""
        self._site = site
        self._guard = guard
        self._log = site.logs / f"{program.name}.log"
        self._read_bytes = 0
        self._started_at = self._start_again_at = 0.0
        self._heartbeat = Heartbeat(program.latest_sign, program.heartbeat_timeout)
        self._process: subprocess.Popen[bytes] | None = None
        logs.turn_over(self._log)

    def start(self) -> str:
        """Returns why that was not possible, or ""."""
        self._forget_signs()
        self._started_at = time.monotonic()
        try:
            self._process = self._spawn()
        except OSError as error:
            return self._plan_restart(f"could not be started: {error}")
        self._guard.watch(self._process.pid)
        self._heartbeat.begin(self.program.start_timeout)
        return ""

    def _forget_signs(self) -> None:
        if self.program.ready_file:
            readiness.reset(self.program.ready_file)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        log = logs.open_to_append(self._log)
        try:
            return subprocess.Popen(
                self.program.command,
                cwd=self._site.code,
                env=self._site.environment | dict(self.program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            os.close(log)

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def new_lines(self) -> list[str]:
        """What the program has printed since the last call."""
        with self._log.open("rb") as log:
            log.seek(self._read_bytes)
            whole, newline, _ = log.read().rpartition(b"\n")
        self._read_bytes += len(whole + newline)
        return whole.decode(errors="replace").splitlines()

    def exit_code(self) -> int | None:
        """Of a program that ended by itself; what it left behind is ended too."""
        code = self._process.poll() if self._process else None
        if code is not None:
            self._clear_away()
        return code

    def ensure_running(self) -> str:
        """Starts an ended program again, each time after a longer pause, and ends one that hangs.

        To be called again and again. Returns what is new, in words, or "".
        """
        logs.shorten(self._log)
        if self._process is None:
            return self.start() if time.monotonic() >= self._start_again_at else ""
        if not self.is_running():
            return self._plan_restart(f"ended {how_it_ended(self.exit_code() or 0)}")
        if self._heartbeat.has_stopped():
            self._clear_away()
            return self._plan_restart("hung, showing no sign of life, and was ended")
        return ""

    def _plan_restart(self, end: str) -> str:
        if time.monotonic() - self._started_at >= self.program.runs_well_after:
            self.ends = 0
        pause = pause_before_restart(self.ends)
        self.ends, self.last_end = self.ends + 1, end
        self._start_again_at = time.monotonic() + pause
        self._forget_signs()  # what has ended is not ready
        return f"{self.program.name} {end}. It is started again in {pause:.0f} s. Its log is {self._log}."

    def stop(self, is_urgent: Callable[[], bool]) -> None:
        """Asks the program to end; when it takes too long or is urgent, ends it and all it started."""
        if self._process is None:
            return
        self._process.send_signal(self.program.stop_with)
        deadline = time.monotonic() + _STOP_WITHIN
        while self.is_running() and time.monotonic() < deadline and not is_urgent():
            time.sleep(0.05)
        self._clear_away()

    def failure(self, what: str) -> WillNotRun:
        return WillNotRun(
            f"{self.program.name} {what}. The end of {self._log}:\n\n{logs.last_lines(self._log)}"
        )

    def _clear_away(self) -> None:
        """Ends all that is left of the group (it, pool processes, holders of the port), stopped ones as
        well, and forgets its number."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._guard.forget(self._process.pid)
        self._process = None


def pause_before_restart(earlier_ends: int) -> float:
    """Seconds, so that a program that cannot run leaves the machine to the others."""
    return min(_FIRST_PAUSE * (1 << min(earlier_ends, 10)), _LONGEST_PAUSE)


def how_it_ended(code: int) -> str:
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
