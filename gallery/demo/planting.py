"""Plants the demo: a person, an account on each built-in server that takes part, and what lies in them."""

import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User

from gallery.accounts.models import LinkedAccount
from gallery.demo.paint import paint_library
from gallery.demo.story import STORIES
from gallery.demo.visitor import Visitor
from gallery.library.models import Sync
from gallery.library.services import request_sync
from providers.configuration import builtin_id
from providers.demo import Demo, DemoPerson, demos

Say = Callable[[str], None]
USERNAME, EMAIL = "demo", "demo@pomar.example"
NEIGHBOUR = "demo-marta"
_SYNC_PATIENCE = 180  # seconds


class Library(NamedTuple):
    """What is told on one built-in server, and whose it is there; `name` names a folder."""

    name: str
    demo: Demo
    owner: DemoPerson
    story: str


def servers() -> dict[str, Demo]:
    """The services that take part, in the order of their stories."""
    order = list(STORIES)
    return dict(sorted(demos().items(), key=lambda item: order.index(item[1].story)))


def _libraries(user: User) -> list[Library]:
    """The person's own, then those of neighbours, of whom nobody has the password."""
    own = [Library(kind_id, demo, _person(user), demo.story) for kind_id, demo in servers().items()]
    marta = DemoPerson(username=NEIGHBOUR, email=f"{NEIGHBOUR}@pomar.example", password=secrets.token_hex(16))
    others = [
        Library(f"a neighbour on {kind_id}", demo, marta, demo.neighbour_story)
        for kind_id, demo in servers().items()
        if demo.neighbour_story
    ]
    return own + others


def _person(user: User) -> DemoPerson:
    return DemoPerson(
        username=USERNAME, email=EMAIL, password=settings.DEMO_PASSWORD, is_operator=user.is_staff
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
    user = make_person()
    folder = Path(settings.DATA_DIR) / "demo"
    libraries = _libraries(user)
    try:
        for library in libraries:
            _paint(folder / library.name, library, say)
        say("Bringing them to the servers of this site ...")
        visitor = Visitor(user, settings.DEMO_PASSWORD)
        for library in libraries:
            library.demo.open(visitor, library.owner)
        for library in libraries:
            library.demo.bring(library.owner, folder / library.name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _link_accounts(user, visitor)
    wait_for_sync(user, say)
    return user


def _paint(folder: Path, library: Library, say: Say) -> None:
    chapters, seed = STORIES[library.story], 1 + list(STORIES).index(library.story)
    total = sum(chapter.photo_count for chapter in chapters)
    said = 0
    for done in paint_library(folder, chapters, seed):
        if done * 4 // total > said:
            said = done * 4 // total
            say(f"Painting photographs for {library.name}: {done} of {total}")


def open_and_link(user: User) -> None:
    """An account on each built-in server, linked, with nothing in it yet."""
    visitor = Visitor(user, settings.DEMO_PASSWORD)
    for library in _libraries(user):
        library.demo.open(visitor, library.owner)
    _link_accounts(user, visitor)


def _link_accounts(user: User, visitor: Visitor) -> None:
    """Through the pages, as a person would."""
    linked = set(LinkedAccount.objects.visible_to(user).values_list("provider_id", flat=True))
    for kind_id, demo in servers().items():
        if builtin_id(kind_id) not in linked:
            demo.link(visitor, _person(user))


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
