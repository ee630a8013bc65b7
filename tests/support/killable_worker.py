"""Works on uploads, each time in a process of its own that dies at the step it was told.

Reads lines "STEP VERB ID" (STEP "-": live on), answers "killed" or "done". A fork of a process that has
everything loaded costs a hundredth of a worker's start (tests/promises/test_upload_kill_services.py).
"""

import os
import signal
import sys
from typing import NoReturn

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gallery.settings")
django.setup()

from gallery.uploads.delivery import lease  # noqa: E402
from tests.support.jobs import confirm_upload, send_upload  # noqa: E402

_VERBS = {"send": send_upload, "confirm": confirm_upload}


def _work(die_at: str, verb: str, upload_id: int) -> NoReturn:
    def on_step(name: str) -> None:
        if name == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    lease.on_step = on_step
    _VERBS[verb](upload_id)
    os._exit(0)


if __name__ == "__main__":
    for line in sys.stdin:
        die_at, verb, upload_id = line.split()
        pid = os.fork()
        if not pid:
            _work(die_at, verb, int(upload_id))
        _, status = os.waitpid(pid, 0)
        sys.stdout.write("killed\n" if os.WIFSIGNALED(status) else "done\n")
        sys.stdout.flush()
