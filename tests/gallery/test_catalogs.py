"""French and Portuguese say everything that English says, with the same values in the sentences."""

import json
import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

CATALOGS = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))
VALUE = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w*}")

# The sentences that were chosen word by word, in English, French and Portuguese.
CHOSEN: list[tuple[str, str, str]] = json.loads(
    (settings.BASE_DIR / "tests/data/words.json").read_text(encoding="utf-8")
)

every_catalog = pytest.mark.parametrize("catalog", CATALOGS, ids=lambda catalog: catalog.parts[-3])


def said(entry: polib.POEntry) -> str:
    """The translation of a message; of one that counts, the form for many."""
    return str(entry.msgstr_plural[max(entry.msgstr_plural)] if entry.msgid_plural else entry.msgstr)


def test_there_is_a_catalog_for_every_language_but_english() -> None:
    assert {catalog.parts[-3] for catalog in CATALOGS} == {code for code, _ in settings.LANGUAGES} - {"en"}


@every_catalog
def test_a_catalog_translates_every_message(catalog: Path) -> None:
    assert [entry.msgid for entry in polib.pofile(str(catalog)) if not entry.translated()] == []


@every_catalog
def test_a_translation_has_the_values_of_its_message(catalog: Path) -> None:
    for entry in polib.pofile(str(catalog)):
        message = entry.msgid_plural or entry.msgid
        assert set(VALUE.findall(said(entry))) == set(VALUE.findall(message)), message


@every_catalog
def test_nothing_is_exclaimed(catalog: Path) -> None:
    for entry in polib.pofile(str(catalog)):
        assert "!" not in entry.msgid + said(entry), entry.msgid


@pytest.mark.parametrize(("english", "french", "portuguese"), CHOSEN)
def test_the_chosen_sentences_stand_in_each_language(english: str, french: str, portuguese: str) -> None:
    for language, sentence in (("fr", french), ("pt", portuguese)):
        path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES/django.po"
        assert said(catalog_of(path)[english]).replace("\N{NO-BREAK SPACE}", " ") == sentence


@cache
def catalog_of(path: Path) -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in polib.pofile(str(path))}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "greeting"), [("fr", "Heureux de vous revoir"), ("pt", "Que bom voltar a vê-lo")]
)
def test_the_front_page_greets_in_the_language_that_was_chosen(
    client: Client, language: str, greeting: str
) -> None:
    client.post(reverse("set_language"), {"language": language})
    page = client.get(reverse("account_login")).content.decode()
    translation.activate("en")
    assert f'<html lang="{language}"' in page
    assert greeting in page
