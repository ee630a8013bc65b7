"""What a site has not done when its test fails: unfinished uploads, row by row, and the end of each log.

Run beside the site by `report`, with the site's own DATA_DIR.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from gallery.supervisor import logs
from tests.support.running_site import INHERITED, ROOT, RunningSite

_LINES = 40  # of each log
_COLUMNS = (
    *("pk", "title", "status", "account__kind", "reason", "hint", "tries", "waits", "next_at"),
    *("lease_owner", "lease_until", "claimed_at", "confirm_until", "updated_at"),
)


def report(running: RunningSite) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.left_behind"],
        cwd=ROOT,
        env={name: os.environ[name] for name in INHERITED if name in os.environ}
        | {"DATA_DIR": str(running.data)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    files = sorted((running.data / "logs").glob("*.log"))
    ends = (f"--- the end of {path.name}\n{logs.last_lines(path, _LINES)}" for path in files)
    return "\n".join([done.stdout, done.stderr, "--- printed", running.output, *ends])


def _lines() -> Iterator[str]:
    from django.utils import timezone

    from gallery.accounts.models import LinkedAccount
    from gallery.jobs.models import Heartbeat
    from gallery.uploads.models import Upload
    from gallery.uploads.states import Status

    yield f"now {timezone.now()}"
    accounts: list[Any] = list(LinkedAccount.objects.values("pk", "kind", "state"))
    yield from map(str, accounts)
    yield from (f"{row.program} seen at {row.seen_at} {row.trouble}" for row in Heartbeat.objects.all())
    for upload in Upload.objects.exclude(status=Status.STORED).order_by("pk"):
        row = Upload.objects.filter(pk=upload.pk).values(*_COLUMNS).get()
        yield " ".join(f"{name}={value}" for name, value in row.items() if value not in (None, ""))
        yield from (f"    {event.at:%H:%M:%S.%f} {event} {event.note}" for event in upload.events.all())


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gallery.settings")
    django.setup()
    for line in _lines():
        print(line)  # noqa: T201
