"""Peak memory of a process while a large file passes through it: into the site, and on to a service.

Receiving by both built-in servers is measured the same way by tests/servers/test_*_upload_memory.py,
through a web process of its own.
"""

import json
import subprocess
import sys

from django.conf import settings

from benchmarks.report import Line

_SIDES = (1_000, 10_000)  # pixels of two bytes: 2 MB and 200 MB
_MOST_MIB = 16


def measure() -> list[Line]:
    small, large = (_passing(side) for side in _SIDES)
    more = (large["peak"] - small["peak"]) / 1024
    return [
        Line("bytes of the large file, in and out, MB", large["sent"] / 1e6),
        Line("peak memory of its process, MiB", large["peak"] / 1024),
        Line.at_most("more than for a file of 2 MB, MiB", more, _MOST_MIB),
    ]


def _passing(side: int) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.promises.large_file", str(side)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
        text=True,
    )
    figures: dict[str, int] = json.loads(done.stdout)
    return figures
