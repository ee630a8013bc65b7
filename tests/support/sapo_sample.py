"""A small library on the SAPO server, and what must hold of every response about it.

PROPERTY_EXAMPLES=1000 tries many more requests, which change from run to run.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from lxml import etree

from providers.sapo.server.models import Collection, Comment, Highlight
from tests.support.sapo_api import Answer, Program, album, fault_code, person, photo
from tests.support.sapo_requests import HIDDEN, OWN, PENDING

LONGER = int(os.environ.get("PROPERTY_EXAMPLES", "0"))
SECRETS = ("Título secreto", HIDDEN, "esconderijo", "rui@sapo.example")


def property_settings(examples: int) -> settings:
    return settings(
        max_examples=LONGER or examples,
        derandomize=not LONGER,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def sample_library(client: Client) -> Program:
    """Ana with photos, albums and a collection; beside her Rui, who hides all he has."""
    owner, other = person(is_admin=True), person("rui")
    folder = album(owner, "Férias")
    own = photo(owner, folder, uid=OWN, title="Praia", tags="sol,mar", synopse="Areia")
    photo(owner, uid=PENDING, is_pending=True)
    Comment.objects.create(image=own, nickname="rui", body="Bela")
    made = Collection.objects.create(owner=owner, title="Viagens", pk=3)
    made.albums.add(folder)
    for target in ({"album": folder}, {"person": owner}, {"tag": "sol"}):
        Highlight.objects.create(**target)
    hidden = album(other, "Título secreto", is_active=False)
    photo(
        other,
        hidden,
        uid=HIDDEN,
        title="Título secreto",
        synopse="esconderijo",
        tags="segredo",
        is_active=False,
    )
    return Program(client, owner)


def outcome_of(answer: Answer) -> Any:
    """The content of an XML response, as the bus would put it in JSON; the code of a documented fault."""
    assert b"Traceback" not in answer.content
    if answer.status_code == 500:
        code = fault_code(answer)
        assert code in ("1010", "2610", "2620"), answer.content
        return code
    assert answer.status_code == 200
    root = etree.fromstring(answer.content)
    body = next((each for each in root if each.tag.endswith("}Body")), None)
    return plain(root if body is None else body[0])


def plain(element: Any) -> Any:
    """An element as JSON has it, by a simpler rule; what changes with time is left out."""
    if not len(element):
        return re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "now", element.text or "") or None
    found: dict[str, list[Any]] = {}
    for child in element:
        found.setdefault(etree.QName(child).localname, []).append(plain(child))
    found.pop("token", None)
    return found


def check_outcome(outcome: Any) -> None:
    """A refusal has a description."""
    if isinstance(outcome, dict):
        for name, inner in outcome.items():
            if name == "ok" and inner == ["false"]:
                assert outcome["description"][0]
            for each in inner:
                check_outcome(each)


def check_privacy(answer: Answer, *, sent: object) -> None:
    text = answer.content.decode()
    for secret in SECRETS:
        assert secret not in text or secret in str(sent), secret


@contextmanager
def rolled_back() -> Iterator[None]:
    """Rolls back the changes of one example, so that each begins with the same library."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
