"""The named steps of an upload, in order: where a test stops a worker for good.

Nothing hangs on them: `step` calls `on_step`, which does nothing here. Only a worker started by the
tests (tests/promises) puts something else in its place, so no setting of a site can.
"""

from collections.abc import Callable

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
