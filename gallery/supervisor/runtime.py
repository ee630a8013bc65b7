"""Where the running site answers, for commands that an operator gives beside it.

`up` chooses ports and tells its programs by the environment; a command typed in another terminal
knows the data folder alone.
"""

import os
from pathlib import Path

_NAMES = ("SITE_URL", "SERVICES_URL")


def write(data: Path, environment: dict[str, str]) -> None:
    """Kept until the site stops; what a killed one left is written over by the next."""
    lines = "".join(f"{name}={environment[name]}\n" for name in _NAMES)
    with os.fdopen(os.open(_file(data), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(lines)


def forget(data: Path) -> None:
    _file(data).unlink(missing_ok=True)


def read(data: Path) -> dict[str, str]:
    """Empty where no site runs on `data`."""
    try:
        lines = _file(data).read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _file(data: Path) -> Path:
    return data / "addresses.env"
