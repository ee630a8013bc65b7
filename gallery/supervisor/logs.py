"""Each program's output in a file of its own, turned over at every start of the site."""

from pathlib import Path

_KEPT = 3


def turn_over(path: Path) -> None:
    """Moves `path` to `path`.1, that to .2 and so on; the oldest goes."""
    for number in range(_KEPT, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        newer = path.with_name(f"{path.name}.{number - 1}") if number > 1 else path
        if newer.exists():
            newer.replace(older)


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log, for a person who has to see why a program will not run."""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 16_384))
        return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])
