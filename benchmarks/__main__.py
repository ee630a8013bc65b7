"""`python -m benchmarks [name ...]`: measures in a data folder of its own and prints a table.

`--photos N` sets the size of the large library (100,000 unless told). The exit status says whether
every promise was kept.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.services import start_valkey, write_test_environment


@contextmanager
def site_of_its_own() -> Iterator[None]:
    """Django, set up on an empty database, and a Valkey; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="pomar-bench-"))
    write_test_environment(folder, "bench")
    valkey = start_valkey(folder)
    try:
        os.environ["DJANGO_SETTINGS_MODULE"] = "gallery.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        yield
    finally:
        valkey.kill()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "names",
        nargs="*",
        help="sync, pages, listing, serving, thumbnails, memory, receiving, trouble; all unless named",
    )
    arguments.add_argument("--photos", type=int, default=100_000)
    chosen = arguments.parse_args()
    with site_of_its_own():
        from benchmarks.report import Line, table
        from benchmarks.suites import SUITES

        lines: list[Line] = []
        for name in chosen.names or SUITES:
            found = SUITES[name](chosen.photos)
            print(table(found), end="\n\n", flush=True)
            lines += found
    return 0 if all(line.is_met is not False for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
