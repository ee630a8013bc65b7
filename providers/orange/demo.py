"""The demo on the built-in Orange server: its accounts are the site's people, linked by consent."""

from pathlib import Path

from django.core.management import call_command
from django.urls import reverse

from providers.configuration import builtin_id
from providers.demo import Demo, DemoPerson, Visitor


def _open(visitor: Visitor, person: DemoPerson) -> None:
    visitor.submit(reverse("orange_open"), {})


def _bring(person: DemoPerson, folder: Path) -> None:
    call_command("orange_import", person.email, str(folder))


def _link(visitor: Visitor, person: DemoPerson) -> None:
    visitor.consent(reverse("orange_login", args=[builtin_id("orange")]))


DEMO = Demo(story="travels", open=_open, bring=_bring, link=_link)
