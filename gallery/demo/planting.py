"""Plants the demo: paints what lies in its accounts and brings it there. Needs requirements-demo.txt."""

import shutil
import time
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User

from gallery.accounts.models import LinkedAccount
from gallery.demo.accounts import Library, Say, libraries, link_accounts, make_person
from gallery.demo.paint import paint_library
from gallery.demo.story import STORIES
from gallery.demo.visitor import Visitor
from gallery.library.models import Sync
from gallery.library.services import request_sync

_SYNC_TIMEOUT = 180  # seconds


def plant(say: Say) -> User:
    """Everything, from the person to a synced gallery. Safe to repeat."""
    user = make_person()
    folder = Path(settings.DATA_DIR) / "demo"
    planted = libraries(user)
    try:
        for library in planted:
            _paint(folder / library.name, library, say)
        say("Bringing them to the servers of this site ...")
        visitor = Visitor(user, settings.DEMO_PASSWORD)
        for library in planted:
            library.demo.open(visitor, library.owner)
        for library in planted:
            library.demo.bring(library.owner, folder / library.name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    link_accounts(user, visitor)
    wait_for_sync(user, say)
    return user


def _paint(folder: Path, library: Library, say: Say) -> None:
    chapters, seed = STORIES[library.story], 1 + list(STORIES).index(library.story)
    total = sum(chapter.photo_count for chapter in chapters)
    reported_quarters = 0
    for done in paint_library(folder, chapters, seed):
        if done * 4 // total > reported_quarters:
            reported_quarters = done * 4 // total
            say(f"Painting photographs for {library.name}: {done} of {total}")


def wait_for_sync(user: User, say: Say) -> None:
    """Until the worker has brought both libraries here, or the timeout ends."""
    accounts = list(LinkedAccount.objects.visible_to(user))
    for account in accounts:
        request_sync(account)
    deadline = time.monotonic() + _SYNC_TIMEOUT
    while time.monotonic() < deadline:
        time.sleep(1)
        done = Sync.objects.filter(account__in=accounts, finished_at__isnull=False)
        if done.count() == len(accounts):
            counts = LinkedAccount.objects.visible_to(user).values_list("label", "photo_count")
            say("Synced: " + ", ".join(f"{label} {count} photos" for label, count in counts))
            return
    say("The sync is still going on; no worker may be running.")
