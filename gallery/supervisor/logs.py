"""Each program's output in a file of its own, turned over at every start of the site and when it is long.

Nothing here fails: a log that cannot be written, on a full disk for one, must not end a program.
"""

import contextlib
import os
import shutil
from pathlib import Path

_OLDER_FILES = 3
LONGEST = 5_000_000  # bytes


def turn_over(path: Path) -> None:
    """Moves `path` to `path`.1, that to .2 and so on; the oldest goes."""
    with contextlib.suppress(OSError):
        _make_room(path)
        if path.exists():
            path.replace(_numbered(path, 1))


def shorten(path: Path) -> None:
    """Empties a log that has grown too long, after a copy; its program goes on writing into the same file.

    Lines of that very moment may be lost. Where there is no room for a copy there is none.
    """
    with contextlib.suppress(OSError):
        if path.stat().st_size > LONGEST:
            with contextlib.suppress(OSError):
                _make_room(path)
                shutil.copy(path, _numbered(path, 1))
            os.truncate(path, 0)


def open_to_append(path: Path) -> int:
    """A descriptor for a program's output; what cannot be written down is thrown away."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log, for a person who has to see why a program will not run."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 16_384))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])
    except OSError as error:
        return str(error)


def _make_room(path: Path) -> None:
    for number in range(_OLDER_FILES, 1, -1):
        if _numbered(path, number - 1).exists():
            _numbered(path, number - 1).replace(_numbered(path, number))


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")
