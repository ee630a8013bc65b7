"""French and Portuguese say everything that English says, with the same values in the sentences."""

import ast
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
from django.utils.translation.template import templatize

CATALOGS = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))
MARKS = ("_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy")
CALL = re.compile(r"""\b(?:n?gettext|_)\(\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
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


def sentences_in_python(path: Path) -> set[str]:
    calls = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    firsts = [
        call.args[0]
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in MARKS and call.args
    ]
    return {node.value for node in firsts if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def sentences_in_template(path: Path) -> set[str]:
    """As `makemessages` reads it: turned into calls of gettext."""
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return {ast.literal_eval(found[1]) for found in CALL.finditer(calls)}


@cache
def all_sentences() -> set[str]:
    folders = [settings.BASE_DIR / name for name in ("gallery", "providers", "templates")]
    python = [path for folder in folders for path in folder.rglob("*.py")]
    templates = [path for folder in folders for kind in ("html", "txt") for path in folder.rglob(f"*.{kind}")]
    return set().union(*map(sentences_in_python, python), *map(sentences_in_template, templates))


@every_catalog
def test_a_catalog_has_every_sentence_of_the_site_and_no_other(catalog: Path) -> None:
    assert set(catalog_of(catalog)) ^ all_sentences() == set()


def test_sentences_use_no_word_that_only_the_builders_understand() -> None:
    riddles = re.compile(
        r"\b(bells?|doors?|kept|shelf|shelves|orchard|keepers?|anew|rather the)\b", re.IGNORECASE
    )
    assert [sentence for sentence in all_sentences() if riddles.search(sentence)] == []


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
