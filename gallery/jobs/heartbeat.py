"""Signs of life: of pool processes for their worker, of worker and beat for whoever started them and for
`/health/`.

Pool processes write into memory that they share with their worker, so that neither a full disk nor a
locked database makes one look dead.
"""

import logging
import mmap
import os
import socket
import struct
import threading
import time
from pathlib import Path

from django.db import DatabaseError, connection
from django.utils import timezone

from gallery.jobs.models import Heartbeat

logger = logging.getLogger(__name__)

PULSE_SECONDS = 1.0
_SLOTS = 4096
_PULSE = struct.Struct("qd")  # pid, monotonic seconds
_pulses = mmap.mmap(-1, _SLOTS * _PULSE.size)  # made before the pool is forked


def start_pulse() -> None:
    """In a pool process: show the worker once a second that this process runs."""
    threading.Thread(target=_keep_pulsing, daemon=True, name="pulse").start()


def _keep_pulsing() -> None:
    pid = os.getpid()
    while True:
        _PULSE.pack_into(_pulses, pid % _SLOTS * _PULSE.size, pid, time.monotonic())
        time.sleep(PULSE_SECONDS)


def last_pulse(pid: int) -> float:
    """When the process last showed that it runs, in monotonic seconds; 0 for never."""
    owner, at = _PULSE.unpack_from(_pulses, pid % _SLOTS * _PULSE.size)
    return at if owner == pid else 0.0


def touch_ready_file() -> None:
    """For whoever started us (gallery/supervisor): untouched for a minute, we are started again."""
    try:
        if path := os.environ.get("READY_FILE"):
            Path(path).touch()
    except OSError as error:
        logger.warning("the file that shows that we live cannot be touched: %s", error)


def write_heartbeat(program: str, trouble: str = "") -> None:
    """For `/health/`. A database that does not answer is not our end."""
    name = f"{program}@{socket.gethostname()}"
    values = {"program": program, "seen_at": timezone.now(), "trouble": trouble[:200]}
    try:
        Heartbeat.objects.update_or_create(name=name, defaults=values)
    except DatabaseError as error:
        logger.warning("the sign of life could not be written: %s", error)
    finally:
        connection.close()


def remove_heartbeat(program: str) -> None:
    """This program ends as it was asked to: nobody is to miss it."""
    try:
        Heartbeat.objects.filter(name=f"{program}@{socket.gethostname()}").delete()
    except DatabaseError as error:
        logger.warning("the sign of life could not be removed: %s", error)
    finally:
        connection.close()
