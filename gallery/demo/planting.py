"""Plants the demo: a person, an account on each built-in server, and what lies in them."""

import secrets
import shutil
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command

from gallery.accounts.models import LinkedAccount
from gallery.demo.paint import paint_library
from gallery.demo.story import NEIGHBOUR_CHAPTERS, ORANGE_CHAPTERS, SAPO_CHAPTERS, Chapter
from gallery.demo.visitor import Visitor
from gallery.library.models import Sync
from gallery.library.services import request_sync
from providers.registry import kinds

Say = Callable[[str], None]
USERNAME, EMAIL = "demo", "demo@pomar.example"
NEIGHBOUR = "demo-marta"
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


def make_person() -> User:
    """The person `demo`. Also an operator where the site is this machine's own, for looking around."""
    user, _ = User.objects.get_or_create(username=USERNAME, defaults={"email": EMAIL})
    user.set_password(settings.DEMO_PASSWORD)
    user.is_staff = user.is_superuser = urlsplit(settings.SITE_URL).hostname in ("127.0.0.1", "localhost")
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=EMAIL, defaults={"primary": True, "verified": True})
    return user


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


def open_accounts(user: User, password: str) -> Visitor:
    """An account on each built-in server; the visitor who opened them.

    SAPO counts views for administrators alone: whoever operates the site is one there too.
    """
    account = {"email": EMAIL, "password": password, "admin": user.is_staff}
    visitor = Visitor(user, password)
    if "sapo" in kinds():
        call_command("sapo_account", USERNAME, **account, stdout=StringIO())
        # Somebody to come upon; nobody has this password.
        other = {"email": f"{NEIGHBOUR}@pomar.example", "password": secrets.token_urlsafe(24)}
        call_command("sapo_account", NEIGHBOUR, **other, stdout=StringIO())
    if "orange" in kinds():
        visitor.opens_account("orange")
    return visitor


def link_accounts(user: User, visitor: Visitor, password: str) -> None:
    """Through the pages, as a person would."""
    linked = set(LinkedAccount.objects.visible_to(user).values_list("provider_id", flat=True))
    if "sapo" in kinds() and "pomar-sapo" not in linked:
        visitor.link_with_password("pomar-sapo", USERNAME, password)
    if "orange" in kinds() and "pomar-orange" not in linked:
        visitor.link_by_consent("pomar-orange")


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
