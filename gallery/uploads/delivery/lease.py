"""Who works on an upload: a lease on its row, renewed while the work goes on.

A worker that lost its lease must stop at once: somebody else has taken over, or will.
"""

import os
import secrets
import threading
import time
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, BinaryIO, Self

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from gallery.uploads.delivery.steps import step
from gallery.uploads.models import Upload
from gallery.uploads.states import IN_FLIGHT

_BEAT_SECONDS = 1.0

RELEASED: dict[str, Any] = {"lease_owner": "", "lease_until": None}


class LeaseLost(Exception):
    """Another worker holds the row, or may."""


class Lease:
    """The right to work on one upload. As a context manager it is renewed by a thread meanwhile."""

    def __init__(self, upload_id: int) -> None:
        self.upload_id = upload_id
        self.owner = f"{os.getpid()}-{secrets.token_hex(12)}"
        self.sent_bytes = 0
        self._good_until = time.monotonic() + settings.LEASE_SECONDS
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    @property
    def until(self) -> datetime:
        return timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)

    @property
    def terms(self) -> dict[str, Any]:
        """What the UPDATE that takes the lease writes."""
        return {"lease_owner": self.owner, "lease_until": self.until}

    def renew(self) -> None:
        """One UPDATE, which also tells the page how far the bytes are. Raises LeaseLost."""
        asked_at = time.monotonic()
        rows = Upload.objects.filter(pk=self.upload_id, lease_owner=self.owner, status__in=IN_FLIGHT)
        if not rows.update(lease_until=self.until, sent_bytes=self.sent_bytes, updated_at=timezone.now()):
            self._good_until = 0
            raise LeaseLost
        self._good_until = asked_at + settings.LEASE_SECONDS

    def check(self) -> None:
        """Raises LeaseLost once the lease may have ended: after a pause of the machine, say."""
        if time.monotonic() > self._good_until:
            raise LeaseLost

    def watched(self, file: BinaryIO) -> "WatchedFile":
        return WatchedFile(file, self)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._is_over.wait(_BEAT_SECONDS):
                try:
                    self.renew()
                except LeaseLost:
                    return
                except DatabaseError:
                    continue  # without an answer the lease ends by itself
        finally:
            connection.close()  # this thread's own


class WatchedFile:
    """A file on its way: counted, and cut off as soon as the lease is lost."""

    def __init__(self, file: BinaryIO, lease: Lease) -> None:
        self._file = file
        self._lease = lease

    def read(self, size: int = -1) -> bytes:
        self._lease.check()
        block = self._file.read(size)
        if not self._lease.sent_bytes and block:
            step("sending")
            self._lease.check()
        self._lease.sent_bytes += len(block)
        return block
