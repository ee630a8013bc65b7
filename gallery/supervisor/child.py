"""One running program: started in a session of its own, stopped with all it started."""

import contextlib
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable

from gallery.supervisor import logs
from gallery.supervisor.guard import Guard
from gallery.supervisor.programs import Program, Site

_FIRST_PAUSE, _LONGEST_PAUSE = 0.4, 5.0  # seconds before a program is started again
_MANY_STARTS, _WITHIN = 5, 60.0
_STOP_WITHIN = 15.0  # above the worker's grace of ten seconds and the web server's of eight


class WillNotRun(Exception):
    """A program does not stay up, or does not become ready; the message says it and shows its log."""


class Child:
    def __init__(self, program: Program, site: Site, guard: Guard) -> None:
        self.program = program
        self._site = site
        self._guard = guard
        self._log = site.logs / f"{program.name}.log"
        self._heard_bytes = 0
        self._starts: deque[float] = deque(maxlen=_MANY_STARTS)
        self._start_again_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        logs.turn_over(self._log)

    def start(self) -> None:
        if self.program.ready_file:
            self.program.ready_file.unlink(missing_ok=True)
        self._starts.append(time.monotonic())
        with os.fdopen(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)) as log:
            self._process = subprocess.Popen(
                self.program.command,
                cwd=self._site.code,
                env=self._site.environment | dict(self.program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._guard.watch(self._process.pid)

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def new_lines(self) -> list[str]:
        """What the program has printed since the last call."""
        with self._log.open("rb") as log:
            log.seek(self._heard_bytes)
            whole, newline, _ = log.read().rpartition(b"\n")
        self._heard_bytes += len(whole + newline)
        return whole.decode(errors="replace").splitlines()

    def exit_code(self) -> int | None:
        """Of a program that ended by itself; what it left behind is ended too."""
        code = self._process.poll() if self._process else None
        if code is not None:
            self._clear_away()
        return code

    def keep_up(self) -> str:
        """Starts an ended program again, each time after a longer pause. Returns what to tell, or "".

        Raises WillNotRun after five starts within a minute.
        """
        if self.is_running():
            return ""
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_again_at:
                self.start()
            return ""
        reason = how_it_ended(self.exit_code() or 0)
        if len(self._starts) == _MANY_STARTS and now - self._starts[0] < _WITHIN:
            raise self.failure(f"ended {_MANY_STARTS} times within a minute, last {reason}")
        recent = sum(now - start < _WITHIN for start in self._starts)
        pause = min(_FIRST_PAUSE * 2 ** max(0, recent - 1), _LONGEST_PAUSE)
        self._start_again_at = now + pause
        return f"{self.program.name} ended {reason}. It is started again."

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
        """Ends what is left of the group (pool processes, holders of the port) and forgets its number."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._guard.forget(self._process.pid)
        self._process = None


def how_it_ended(code: int) -> str:
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
