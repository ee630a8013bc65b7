"""The demo on the built-in SAPO server: accounts with names and passwords of their own."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.urls import reverse

from providers.configuration import builtin_id
from providers.demo import Demo, DemoPerson, Visitor


def _open(visitor: Visitor, person: DemoPerson) -> None:
    """It counts views for administrators alone: whoever operates the site is one there too."""
    account = {"email": person.email, "password": person.password, "admin": person.is_operator}
    call_command("sapo_account", person.username, **account, stdout=StringIO())


def _bring(person: DemoPerson, folder: Path) -> None:
    call_command("sapo_import", person.username, str(folder))


def _link(visitor: Visitor, person: DemoPerson) -> None:
    fields = {"username": person.username, "password": person.password, "stay_connected": "on"}
    visitor.submit(reverse("sapo_login", args=[builtin_id("sapo")]), fields)


DEMO = Demo(story="home", neighbour_story="neighbour", open=_open, bring=_bring, link=_link)
