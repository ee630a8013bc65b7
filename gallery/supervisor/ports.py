"""Which port to listen on."""

import errno
import socket

HOST = "127.0.0.1"
_HIGHEST = 65_535
_reserved: list[socket.socket] = []  # open until this process ends


def take(port: int) -> int:
    """`port`, or the next one above it that nobody has, reserved for this process.

    Raises LookupError if there is none, PermissionError where we may not listen.
    """
    for candidate in range(port, _HIGHEST + 1):
        if _reserve(candidate):
            if is_free(candidate):
                return candidate
            _reserved.pop().close()
    raise LookupError(f"no free port from {port} up")


def take_for_services(web_port: int) -> int:
    """Far from the web ports, so that sites on neighbouring ports do not meet."""
    return take(web_port + 10_000 if web_port <= _HIGHEST - 10_100 else web_port - 10_000)


def is_free(port: int) -> bool:
    """Whether nobody listens on `port`. Raises PermissionError where we may not."""
    with socket.socket() as probe:
        # Without it a port that was in use a minute ago still counts as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def _reserve(port: int) -> bool:
    """Whether no other site of Pomar has chosen `port`, be it that it does not listen yet.

    Granian lets a second one of the same person listen on its port (SO_REUSEPORT), and the system
    then deals the requests out to both: people would land on the wrong site by chance. A name in
    the abstract namespace of sockets belongs to one process and goes when that ends.
    """
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0pomar-port-{port}")
    except OSError:
        name.close()
        return False
    _reserved.append(name)
    return True
