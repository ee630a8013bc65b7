"""The URLs of the running site, for commands that an operator gives beside it.

`up` chooses ports and puts them into the environment of its programs; a command typed in another
terminal knows the data folder alone.
"""

import os
from pathlib import Path

_NAMES = ("SITE_URL", "SERVICES_URL")


def write(data: Path, environment: dict[str, str]) -> None:
    """Lies there until the site stops; what a killed one left is written over by the next."""
    lines = "".join(f"{name}={environment[name]}\n" for name in _NAMES)
    with os.fdopen(os.open(_file(data), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(lines)


def remove(data: Path) -> None:
    _file(data).unlink(missing_ok=True)


def read(data: Path) -> dict[str, str]:
    """Empty where no site runs on `data`."""
    try:
        lines = _file(data).read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _file(data: Path) -> Path:
    return data / "runtime.env"
