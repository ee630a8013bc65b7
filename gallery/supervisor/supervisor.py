"""Starts the programs in order, brings back what ends or hangs, stops them as one."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from gallery.supervisor.child import Child, how_it_ended
from gallery.supervisor.guard import Guard
from gallery.supervisor.programs import Program, Site

_LOOK_EVERY = 0.1  # seconds
_TRIES = 3  # of a program to start with the site; later there is no end to them


class Stopped(Exception):
    """Somebody asked for the end (Ctrl-C, SIGTERM, SIGHUP)."""


class Supervisor:
    """Use as a context manager: whatever happens inside, all programs have ended afterwards."""

    def __init__(
        self, site: Site, lock: int, say: Callable[[str], None], *, follows_parent: bool = False
    ) -> None:
        """With `follows_parent` the end of the process that started us counts as a request to stop."""
        self._site = site
        self._say = say
        self._parent = os.getppid() if follows_parent else None
        self._children: list[Child] = []
        self._stop_requests = 0
        self._guard = Guard(lock)
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup wants it ignored
            signal.signal(signal.SIGHUP, self._on_signal)

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *exception: object) -> None:
        """Ends the last started first: the worker while the servers that it calls still answer."""
        if self._stop_requests:
            self._say("\nStopping. Once more ends everything at once.")
        for child in reversed(self._children):
            child.stop(self._is_urgent)
        self._guard.close()

    def start(self, *programs: Program) -> None:
        """Starts all, returns when all are ready. Raises WillNotRun, Stopped."""
        new = [Child(program, self._site, self._guard) for program in programs]
        for child in new:
            self._children.append(child)
            child.start()
        started_at = time.monotonic()
        while waiting := [child for child in new if child.program.missing()]:
            self._look()
            for child in waiting:
                _raise_if_hopeless(child, time.monotonic() - started_at)

    def run_once(self, program: Program, *, shows_output: bool = False) -> None:
        """Runs a program to its end beside the others; `shows_output`: its lines are said as they come.

        Raises WillNotRun, Stopped.
        """
        child = Child(program, self._site, self._guard)
        if child.start():
            raise child.failure(child.last_end)
        try:
            while (code := child.exit_code()) is None:
                self._look()
                self._relay(child, shows_output)
            self._relay(child, shows_output)
        finally:
            child.stop(self._is_urgent)
        if code:
            raise child.failure(f"ended {how_it_ended(code)}")

    def _relay(self, child: Child, shows_output: bool) -> None:
        for line in child.new_lines() if shows_output else ():
            self._say(line)

    def watch(self) -> NoReturn:
        """Brings back whatever ends or hangs, until the site is stopped. Raises Stopped."""
        while True:
            self._look()

    def _look(self) -> None:
        if self._stop_requests or (self._parent and os.getppid() != self._parent):
            raise Stopped
        with contextlib.suppress(OSError):  # no memory for one now; tried again at the next look
            self._guard.revive()
        for child in self._children:
            if news := child.ensure_running():
                self._say(news)
        time.sleep(_LOOK_EVERY)

    def _is_urgent(self) -> bool:
        return self._stop_requests > 1

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stop_requests += 1


def _raise_if_hopeless(child: Child, waited: float) -> None:
    if child.ends >= _TRIES:
        raise child.failure(f"{child.last_end}, {child.ends} times before it was ready")
    if waited > child.program.start_timeout:
        raise child.failure(f"is not ready: {child.program.missing()}")
