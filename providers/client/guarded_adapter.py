"""Connections that look at whom they really reached, and that a slow header cannot hold for ever.

A name on the allow-list may still resolve to a machine of our own network (DNS rebinding): so the
peer's address is checked after connecting, before the first byte is sent.
"""

import ipaddress
import socket
import threading
from contextlib import suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager


class AddressRefused(Exception):
    """The name led to an address that is not on the open Internet.

    No OSError, as requests' errors are: urllib3 would take it for a line that broke.
    """


class _Guard:
    """Mixed into urllib3's connections."""

    allow_private = False
    header_seconds = 45.0
    _gave_up = False
    sock: Any

    def _new_conn(self) -> socket.socket:
        connection: socket.socket = super()._new_conn()  # type: ignore[misc]
        address = connection.getpeername()[0].partition("%")[0]
        if not self.allow_private and not ipaddress.ip_address(address).is_global:
            connection.close()
            raise AddressRefused
        return connection

    def getresponse(self, *args: Any, **kwargs: Any) -> Any:
        """Header lines that drip in one byte a second would reset the read timeout each time."""
        timer = threading.Timer(self.header_seconds, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            response = super().getresponse(*args, **kwargs)  # type: ignore[misc]
        finally:
            timer.cancel()
        if self._gave_up:  # half a header, cut off, reads like a whole one
            raise TimeoutError("the headers took too long")
        return response

    def _hang_up(self) -> None:
        self._gave_up = True
        if self.sock is not None:
            with suppress(OSError):  # it may have ended in the same moment
                self.sock.shutdown(socket.SHUT_RDWR)


class GuardedAdapter(HTTPAdapter):
    """One for each session; retries nothing by itself."""

    def __init__(self, *, allow_private: bool, header_seconds: float) -> None:
        self._guards = {"allow_private": allow_private, "header_seconds": header_seconds}
        super().__init__(max_retries=0, pool_connections=4, pool_maxsize=4)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {
            "http": self._pool(HTTPConnectionPool, HTTPConnection),
            "https": self._pool(HTTPSConnectionPool, HTTPSConnection),
        }

    def _pool(self, pool: Any, connection: Any) -> Any:
        guarded = type("GuardedConnection", (_Guard, connection), dict(self._guards))
        return type("GuardedPool", (pool,), {"ConnectionCls": guarded})
