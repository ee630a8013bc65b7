"""Which port to listen on."""

import errno
import socket

HOST = "127.0.0.1"
_HIGHEST = 65_535
_reserved: dict[int, socket.socket] = {}  # open until this process ends


def reserve(port: int) -> int:
    """`port`, or the next one above it that nobody has. From now on nobody else can listen on it.

    Raises LookupError if there is none, PermissionError where we may not listen.
    """
    for candidate in range(port, _HIGHEST + 1):
        if reservation := _bind(candidate):
            _reserved[candidate] = reservation
            return candidate
    raise LookupError(f"no free port from {port} up")


def reserve_for_services(web_port: int) -> int:
    """Far from the web ports, so that sites on neighbouring ports do not meet."""
    return reserve(web_port + 10_000 if web_port <= _HIGHEST - 10_100 else web_port - 10_000)


def hand_over(*ports: int) -> None:
    """Lets a Granian of this person listen on reserved ports, and it alone: others do not set SO_REUSEPORT.

    To be called just before it starts. A second Granian would be dealt half of the requests in silence;
    while a port is merely reserved, not even that can take it.
    """
    for port in ports:
        _reserved[port].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)


def is_free(port: int) -> bool:
    """Whether nobody has `port`. Raises PermissionError where we may not listen on it."""
    if probe := _bind(port):
        probe.close()
    return probe is not None


def _bind(port: int) -> socket.socket | None:
    """A socket that has the port without listening, so that it gets no connections."""
    bound = socket.socket()
    # Without it a port that was in use a minute ago still counts as taken.
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise PermissionError(f"Port {port} cannot be used: {error.strerror}.") from None
    # With it anybody who sets it too could have the port as well, as we do not listen.
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    return bound
