"""Whether a program is ready. Each check returns "" for yes, else what is missing, in words.

For the containers of docker-compose.yml:
`python -m gallery.supervisor.readiness PORT` asks the health page,
`python -m gallery.supervisor.readiness FILE` waits until the program touches its READY_FILE again.
"""

import contextlib
import http.client
import os
import sys
import time
from pathlib import Path

from gallery.supervisor import valkey
from gallery.supervisor.ports import HOST

_TOUCHED_WITHIN = 20.0  # seconds; a program touches its file about every five


def of_page(port: int) -> str:
    """Ready when the health page says that every part is well."""
    connection = http.client.HTTPConnection(HOST, port, timeout=3)
    try:
        connection.request("GET", "/health/ready/")
        answer = connection.getresponse()
        if answer.status == http.HTTPStatus.OK:
            return ""
        return f"its health page says {answer.status} {answer.read(500).decode(errors='replace')}"
    except (OSError, http.client.HTTPException):
        return f"nobody answers on port {port}"
    finally:
        connection.close()


def of_file(path: Path) -> str:
    """Ready when the program has touched `path` (READY_FILE) since the last reset()."""
    return "" if touched_at(path) else "it has not shown that it is ready"


def touched_at(path: Path) -> float | None:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime
    return None


def reset(path: Path) -> None:
    """Forgets the signs of an earlier run. The file stays: on a full disk no new one could be made."""
    with contextlib.suppress(OSError):
        os.utime(path, (0, 0))


def of_valkey(socket: Path) -> str:
    return "" if valkey.is_ready(socket) else f"nobody answers on {socket}"


def of_living_program(path: Path, timeout: float = _TOUCHED_WITHIN) -> str:
    """Watches the file instead of comparing its time with the clock, which may be put right meanwhile."""
    first, deadline = touched_at(path), time.monotonic() + timeout
    while touched_at(path) in (None, first):
        if time.monotonic() > deadline:
            return f"it has shown no sign of life for {timeout:.0f} seconds"
        time.sleep(0.2)
    return ""


if __name__ == "__main__":
    subject = sys.argv[1]
    sys.exit((of_page(int(subject)) if subject.isdigit() else of_living_program(Path(subject))) or 0)
