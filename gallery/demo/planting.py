"""Plants the demo: paints what lies in its accounts and brings it there. Needs requirements-demo.txt."""

import shutil
import time
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command

from gallery.accounts.models import LinkedAccount
from gallery.demo.accounts import EMAIL, NEIGHBOUR, USERNAME, Say, link_accounts, make_person, open_accounts
from gallery.demo.paint import paint_library
from gallery.demo.story import NEIGHBOUR_CHAPTERS, ORANGE_CHAPTERS, SAPO_CHAPTERS, Chapter
from gallery.library.models import Sync
from gallery.library.services import request_sync
from providers.registry import kinds

_SYNC_PATIENCE = 180  # seconds


class Story(NamedTuple):
    """What is told on one built-in server, and how that knows the person; `name` names a folder."""

    name: str
    kind: str
    owner: str
    chapters: tuple[Chapter, ...]
    seed: int


_STORIES = (
    Story("sapo", "sapo", USERNAME, SAPO_CHAPTERS, 1),
    Story("orange", "orange", EMAIL, ORANGE_CHAPTERS, 2),
    Story("a neighbour", "sapo", NEIGHBOUR, NEIGHBOUR_CHAPTERS, 3),
)


def plant(say: Say) -> User:
    """Everything, from the person to a synced gallery. Safe to repeat."""
    user, password = make_person(), settings.DEMO_PASSWORD
    folder = Path(settings.DATA_DIR) / "demo"
    stories = [story for story in _STORIES if story.kind in kinds()]
    try:
        for story in stories:
            _paint(folder / story.name, story, say)
        say("Bringing them to the servers of this site ...")
        visitor = open_accounts(user, password)
        for story in stories:
            call_command(f"{story.kind}_import", story.owner, str(folder / story.name))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    link_accounts(user, visitor, password)
    wait_for_sync(user, say)
    return user


def _paint(folder: Path, story: Story, say: Say) -> None:
    total = sum(chapter.photo_count for chapter in story.chapters)
    said = 0
    for done in paint_library(folder, story.chapters, story.seed):
        if done * 4 // total > said:
            said = done * 4 // total
            say(f"Painting photographs for {story.name}: {done} of {total}")


def wait_for_sync(user: User, say: Say) -> None:
    """Until the worker has brought both libraries here, or patience ends."""
    accounts = list(LinkedAccount.objects.visible_to(user))
    for account in accounts:
        request_sync(account)
    deadline = time.monotonic() + _SYNC_PATIENCE
    while time.monotonic() < deadline:
        time.sleep(1)
        done = Sync.objects.filter(account__in=accounts, finished_at__isnull=False)
        if done.count() == len(accounts):
            counts = LinkedAccount.objects.visible_to(user).values_list("label", "photo_count")
            say("Synced: " + ", ".join(f"{label} {count} photos" for label, count in counts))
            return
    say("The sync is still going on; no worker may be running.")
