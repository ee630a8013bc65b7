"""Pool processes show their worker that they live, in memory that both share."""

import subprocess
import sys

# As in a worker: the pool is forked first, and looked after from then on.
_FORKED_POOL = """
import os, signal, time
import gallery.celery
from celery.signals import worker_process_init

gallery.celery.app.loader.import_default_modules()
if not (pid := os.fork()):
    worker_process_init.send(sender=None)
    time.sleep(60)
from gallery.jobs.pulse import last_pulse

ends_at = time.monotonic() + 30
while not last_pulse(pid) and time.monotonic() < ends_at:
    time.sleep(0.05)
os.kill(pid, signal.SIGKILL)
print("alive" if last_pulse(pid) else "silent")
"""


def test_worker_sees_that_a_process_forked_at_its_start_lives() -> None:
    run = subprocess.run([sys.executable, "-c", _FORKED_POOL], capture_output=True, text=True, timeout=120)
    assert run.stdout.split()[-1:] == ["alive"], run.stderr
