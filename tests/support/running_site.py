"""Starts `manage.py up` for real, in a data folder of its own, and looks at its processes."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from gallery.supervisor import ports

ROOT = Path(__file__).resolve().parents[2]
# What the tests' own environment says must not reach the site: it starts with nothing set.
INHERITED = (
    *("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH"),
    *("COVERAGE_PROCESS_CONFIG", "COVERAGE_CORE"),  # set while `make coverage` counts lines
)


class RunningSite:
    """One `up`. `output` is what it has printed so far."""

    def __init__(self, data: Path, port: int, **environment: str) -> None:
        self.data = data
        data.parent.mkdir(parents=True, exist_ok=True)
        self._printed = data.with_name(f"printed-{time.monotonic_ns()}")
        with self._printed.open("wb") as printed:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(port)],
                cwd=ROOT,
                env={name: os.environ[name] for name in INHERITED if name in os.environ}
                | {"DATA_DIR": str(data), "DEMO": "0"}
                | environment,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
            )

    @property
    def output(self) -> str:
        return self._printed.read_text()

    @property
    def address(self) -> str:
        found = re.search(r"Pomar is ready: (\S+)", self.output)
        assert found, self.output
        return found[1]

    def wait_until_ready(self) -> "RunningSite":
        wait_for(lambda: "Pomar is ready" in self.output or self.process.poll() is not None, 300)
        assert self.process.poll() is None, self.output
        return self

    def is_healthy(self) -> bool:
        try:
            with urlopen(f"{self.address}health/", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(120)

    def programs(self, word: str = "") -> dict[int, str]:
        """Command line by process id of the site's living processes, those with `word` in it."""
        return {pid: line for pid, line in processes_of(self.data).items() if word in line}


def processes_of(data: Path) -> dict[int, str]:
    """Command line by id of the living processes that were started with this data folder."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if _belongs_to(data, entry):
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found[int(entry.name)] = line
        except OSError:
            continue
    return {pid: line for pid, line in found.items() if line}  # a zombie has none


def _belongs_to(data: Path, process: Path) -> bool:
    """By its environment; Valkey writes its title over that, but works inside the folder."""
    environment = (process / "environ").read_bytes().split(b"\0")
    return f"DATA_DIR={data}".encode() in environment or (process / "cwd").readlink().is_relative_to(data)


def wait_for(is_so: Callable[[], object], seconds: float) -> bool:
    """Whether `is_so` came true within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.1)
    return bool(is_so())


def free_port() -> int:
    """Below those that the system deals out by itself, which a test beside this one gets at any moment.

    Each test process has a thousand of its own, where a site finds a second one for its services as well.
    """
    first = 12_000 + 1_000 * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10)
    ours = iter(lambda: random.randrange(first, first + 1_000), 0)
    return next(port for port in ours if ports.is_free(port) and ports.is_free(port + 10_000))
