"""A clock that is wrong, beneath all programs of a site (libfaketime), and put right while they run.

Monotonic clocks and the times of files stay the machine's own. All programs see a move at once.
"""

from datetime import timedelta
from pathlib import Path

import libfaketime


class MovedClock:
    def __init__(self, file: Path, ahead_by: timedelta) -> None:
        self._file = file
        self.move_to(ahead_by)

    @property
    def environment(self) -> dict[str, str]:
        """Of each program that is to go by this clock."""
        library = next(Path(libfaketime.__file__).parent.rglob("libfaketime.so.1"))
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def move_to(self, ahead_by: timedelta) -> None:
        """Nothing for the true time; less than nothing for a clock that is behind."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{ahead_by.total_seconds():+.0f}")
        new.replace(self._file)

    def put_right(self) -> None:
        self.move_to(timedelta(0))
