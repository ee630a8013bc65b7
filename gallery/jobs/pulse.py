"""Signs of life of pool processes, for their worker.

They write into memory that they share with it, so that neither a full disk nor a locked database makes one
look dead. The worker imports this before it forks the pool: memory made later would be another one.
"""

import mmap
import os
import struct
import threading
import time

PULSE_SECONDS = 1.0
_SLOTS = 4096
_PULSE = struct.Struct("qd")  # pid, monotonic seconds
_pulses = mmap.mmap(-1, _SLOTS * _PULSE.size)


def start_pulse() -> None:
    """In a pool process: show the worker once a second that this process runs."""
    threading.Thread(target=_pulse_on, daemon=True, name="pulse").start()


def _pulse_on() -> None:
    pid = os.getpid()
    while True:
        _PULSE.pack_into(_pulses, pid % _SLOTS * _PULSE.size, pid, time.monotonic())
        time.sleep(PULSE_SECONDS)


def last_pulse(pid: int) -> float:
    """When the process last showed that it runs, in monotonic seconds; 0 for never."""
    owner, at = _PULSE.unpack_from(_pulses, pid % _SLOTS * _PULSE.size)
    return at if owner == pid else 0.0
