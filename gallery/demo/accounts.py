"""The demo's person and their account on each built-in server that takes part, linked through the pages."""

import secrets
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User

from gallery.accounts.models import LinkedAccount
from gallery.demo.visitor import Visitor
from providers.configuration import builtin_id
from providers.demo import Demo, DemoPerson, demos

Say = Callable[[str], None]
USERNAME, EMAIL = "demo", "demo@pomar.example"
NEIGHBOUR = "demo-marta"


class Library(NamedTuple):
    """What is told on one built-in server, and whose it is there; `name` names a folder."""

    name: str
    demo: Demo
    owner: DemoPerson
    story: str


def servers() -> dict[str, Demo]:
    """The services that take part, in the order of their stories."""
    return dict(sorted(demos().items(), key=lambda item: item[1].story))


def libraries(user: User) -> list[Library]:
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


def open_and_link(user: User) -> None:
    """An account on each built-in server, linked, with nothing in it yet."""
    visitor = Visitor(user, settings.DEMO_PASSWORD)
    for library in libraries(user):
        library.demo.open(visitor, library.owner)
    link_accounts(user, visitor)


def link_accounts(user: User, visitor: Visitor) -> None:
    """Through the pages, as a person would."""
    linked = set(LinkedAccount.objects.visible_to(user).values_list("provider_id", flat=True))
    for kind_id, demo in servers().items():
        if builtin_id(kind_id) not in linked:
            demo.link(visitor, _person(user))
