"""A large file costs no more memory than a small one, on its way in and on its way out."""

import json
import subprocess
import sys

import pytest
from django.conf import settings


def passing(side: int) -> dict[str, int]:
    """Bytes sent and peak memory in KiB of a process through which a picture of `side` x `side` passed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.promises.large_file", str(side)],
        cwd=settings.BASE_DIR, capture_output=True, check=True, text=True, timeout=300,
    )  # fmt: skip
    figures: dict[str, int] = json.loads(done.stdout)
    return figures


@pytest.mark.whole_site
def test_two_hundred_megabytes_pass_in_the_memory_of_two() -> None:
    small, large = passing(1_000), passing(10_000)
    assert small["sent"] > 2_000_000 and large["sent"] > 200_000_000
    assert large["peak"] - small["peak"] < 16 * 1024, (small, large)
