"""The lease on an upload, and its file on the way: counted, and cut off as soon as the lease is lost.

`step` names what a worker passes while it holds one: where a test stops a worker for good. It calls
`on_step`, which does nothing here; only a worker started by the tests (tests/promises) puts something
else in its place, so no setting of a site can.
"""

from collections.abc import Callable, Mapping
from typing import BinaryIO

from django.utils import timezone

from gallery.jobs.lease import Lease
from gallery.uploads.models import Upload
from gallery.uploads.states import IN_FLIGHT

STEPS = (
    "claimed",
    "album_listed",
    "album_made",
    "begun",
    "ticket_saved",
    "sending",
    "sent",
    "confirming",
    "found",
    "stored",
)


def _nothing(name: str) -> None:
    pass


on_step: Callable[[str], None] = _nothing


def step(name: str) -> None:
    """The worker passed the step `name`, one of STEPS."""
    on_step(name)


class Progress:
    """How far the bytes are; written with each renewal of the lease, for the page."""

    def __init__(self) -> None:
        self.sent_bytes = 0

    def __call__(self) -> Mapping[str, object]:
        return {"sent_bytes": self.sent_bytes, "updated_at": timezone.now()}


class UploadLease(Lease):
    """A lease on an upload, lost as well when the upload is no longer on its way."""

    def __init__(self, upload: Upload) -> None:
        self.progress = Progress()
        super().__init__(Upload.objects.filter(pk=upload.pk, status__in=IN_FLIGHT), self.progress)

    def watched(self, file: BinaryIO) -> "WatchedFile":
        return WatchedFile(file, self)


class WatchedFile:
    """What a service's client reads from."""

    def __init__(self, file: BinaryIO, lease: UploadLease) -> None:
        self._file = file
        self._lease = lease

    def read(self, size: int = -1) -> bytes:
        self._lease.check()
        block = self._file.read(size)
        if not self._lease.progress.sent_bytes and block:
            step("sending")
            self._lease.check()
        self._lease.progress.sent_bytes += len(block)
        return block
