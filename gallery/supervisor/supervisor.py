"""Starts the programs in order, keeps them up, stops them as one."""

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
_READY_WITHIN = 90.0


class Stopped(Exception):
    """Somebody asked for the end (Ctrl-C, SIGTERM, SIGHUP)."""


class Supervisor:
    """Use as a context manager: whatever happens inside, all programs have ended afterwards."""

    def __init__(
        self, site: Site, lock: int, say: Callable[[str], None], *, follows_parent: bool = False
    ) -> None:
        """With `follows_parent` the end of the process that started us counts as being asked to stop."""
        self._site = site
        self._say = say
        self._parent = os.getppid() if follows_parent else None
        self._children: list[Child] = []
        self._asked = 0
        self._guard = Guard(lock)
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup wants it ignored
            signal.signal(signal.SIGHUP, self._on_signal)

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *exception: object) -> None:
        """Ends the last started first: the worker while the servers that it calls still answer."""
        if self._asked:
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
        deadline = time.monotonic() + _READY_WITHIN
        while waiting := [child for child in new if child.program.missing()]:
            self._look()
            if time.monotonic() > deadline:
                raise waiting[0].failure(f"is not ready: {waiting[0].program.missing()}")

    def run_once(self, program: Program, *, is_heard: bool = False) -> None:
        """Runs a program to its end beside the others; `is_heard`: what it prints is said as it goes on.

        Raises WillNotRun, Stopped.
        """
        child = Child(program, self._site, self._guard)
        child.start()
        try:
            while (code := child.exit_code()) is None:
                self._look()
                self._relay(child, is_heard)
            self._relay(child, is_heard)
        finally:
            child.stop(self._is_urgent)
        if code:
            raise child.failure(f"ended {how_it_ended(code)}")

    def _relay(self, child: Child, is_heard: bool) -> None:
        for line in child.new_lines() if is_heard else ():
            self._say(line)

    def watch(self) -> NoReturn:
        """Keeps all up until the end. Raises WillNotRun, Stopped."""
        while True:
            self._look()

    def _look(self) -> None:
        if self._asked or (self._parent and os.getppid() != self._parent):
            raise Stopped
        self._guard.revive()
        for child in self._children:
            if news := child.keep_up():
                self._say(news)
        time.sleep(_LOOK_EVERY)

    def _is_urgent(self) -> bool:
        return self._asked > 1

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked += 1
