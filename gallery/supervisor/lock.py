"""One `up` for each data folder."""

import fcntl
import os
import time
from pathlib import Path

_GUARD_SECONDS = 15  # a killed supervisor's guard needs up to ten to end the children


class AlreadyRunning(Exception):
    """Another `up` works on this data folder; the message is its process id."""


def hold(data: Path) -> int:
    """Takes both locks of the folder, which is made if need be; they hold until the process ends.

    Returns the descriptor of the second, to be kept open by the guard as well: after a SIGKILL of
    the last supervisor that one is waited for, until the last child has gone. Raises AlreadyRunning.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    own, guards = (_open(data / name) for name in ("up.lock", "guard.lock"))
    if not _take(own, 0):
        raise AlreadyRunning(os.pread(own, 20, 0).decode().strip() or "unknown")
    os.ftruncate(own, 0)
    os.pwrite(own, f"{os.getpid()}\n".encode(), 0)
    if not _take(guards, _GUARD_SECONDS):
        raise AlreadyRunning("the guard of the last one")
    return guards


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _take(lock: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        else:
            return True
