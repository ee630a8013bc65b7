"""Ends every process of the site when the supervisor is gone, however it went.

SIGKILL gives the supervisor no moment to stop its children. So a second process, in a session of
its own, holds the reading end of a pipe: end of file means that the supervisor is no more. It is
started as a plain script, without the site's packages, so that it is small and up at once.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable


class Guard:
    """The supervisor's end: tells which process groups to end. Holds `lock` open as well, so that
    nobody starts on the same data before the last child has gone."""

    def __init__(self, lock: int) -> None:
        self._lock = lock
        self._groups: set[int] = set()
        self._process = self._start()

    def watch(self, group: int) -> None:
        self._groups.add(group)
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """`group` has ended: its number may soon belong to somebody else."""
        self._groups.discard(group)
        self._tell(f"-{group}\n")

    def close(self) -> None:
        self._process.communicate()

    def revive(self) -> None:
        """Starts the guard again if somebody has killed it."""
        if self._process.poll() is not None:
            self._process = self._start()
            for group in self._groups:
                self._tell(f"+{group}\n")

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-I", __file__],
            stdin=subprocess.PIPE,
            pass_fds=(self._lock,),
            start_new_session=True,
        )

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # revive() tells the new one everything
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()


def end_groups(groups: Iterable[int], term_seconds: float, kill_seconds: float = 2) -> None:
    """SIGTERM to all, then SIGKILL to those which are still there after `term_seconds`."""
    left = set(groups)
    for number, seconds in ((signal.SIGTERM, term_seconds), (signal.SIGKILL, kill_seconds)):
        left = {group for group in left if _signalled(group, number)}
        deadline = time.monotonic() + seconds
        while left and time.monotonic() < deadline:
            time.sleep(0.05)
            left = {group for group in left if _signalled(group, 0)}


def _signalled(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # ended; or the number is another's by now
        return False
    return True


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    end_groups(groups, term_seconds=8)


if __name__ == "__main__":
    main()
