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

from providers.registry import kinds
from tests.support.marked_messages import marked_messages

FOLDERS = [Path(folder) for folder in settings.LOCALE_PATHS]
CATALOGS = sorted(catalog for folder in FOLDERS for catalog in folder.glob("*/LC_MESSAGES/django.po"))
VALUE = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w*}")

# The sentences that were chosen word by word, in English, French and Portuguese.
CHOSEN: list[tuple[str, str, str]] = json.loads(
    (settings.BASE_DIR / "tests/data/words.json").read_text(encoding="utf-8")
)

every_catalog = pytest.mark.parametrize(
    "catalog", CATALOGS, ids=lambda catalog: "-".join(catalog.parts[-5::2][:2])
)


def translation_of(entry: polib.POEntry) -> str:
    """The translation of a message; of one that counts, the form for many."""
    return str(entry.msgstr_plural[max(entry.msgstr_plural)] if entry.msgid_plural else entry.msgstr)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_there_is_a_catalog_for_every_language_but_english(folder: Path) -> None:
    languages = {code for code, _ in settings.LANGUAGES} - {"en"}
    assert {catalog.parts[-3] for catalog in CATALOGS if folder in catalog.parents} == languages


def test_the_gallery_and_each_service_have_catalogs() -> None:
    assert {folder.parent.name for folder in FOLDERS} == {"gallery", *kinds()}


def marked_in(folder: Path) -> set[str]:
    """What the files of a folder mark for translation."""
    files = (file for file in folder.rglob("*") if file.suffix in (".py", ".html", ".txt"))
    return {message for file in files for message in marked_messages(file)}


def messages_of(folder: Path) -> set[str]:
    return set(catalog_of(folder / "fr" / "LC_MESSAGES" / "django.po"))


def test_everything_that_the_gallery_says_is_in_its_catalogs() -> None:
    said_there = marked_in(settings.BASE_DIR / "gallery") | marked_in(settings.BASE_DIR / "templates")
    assert said_there - messages_of(settings.BASE_DIR / "gallery" / "locale") == set()


@pytest.mark.parametrize("kind_id", list(kinds()))
def test_what_only_one_service_says_is_in_its_own_catalogs(kind_id: str) -> None:
    """What several say is the gallery's, so that it is translated once."""
    folder = settings.BASE_DIR / "providers" / kind_id
    shared = messages_of(settings.BASE_DIR / "gallery" / "locale")
    own = messages_of(folder / "locale")
    assert marked_in(folder) - shared == own
    assert own & shared == set()


@every_catalog
def test_languages_have_the_same_messages(catalog: Path) -> None:
    assert set(catalog_of(catalog)) == messages_of(catalog.parents[2])


def test_sentences_use_no_word_that_only_the_builders_understand() -> None:
    riddles = re.compile(
        r"\b(bells?|doors?|kept|shelf|shelves|orchard|keepers?|anew|rather the)\b", re.IGNORECASE
    )
    folders = [settings.BASE_DIR / name for name in ("gallery", "providers", "templates")]
    sentences = set().union(*map(marked_in, folders))
    assert sentences and [sentence for sentence in sentences if riddles.search(sentence)] == []


@every_catalog
def test_a_catalog_translates_every_message(catalog: Path) -> None:
    assert [entry.msgid for entry in polib.pofile(str(catalog)) if not entry.translated()] == []


@every_catalog
def test_a_translation_has_the_values_of_its_message(catalog: Path) -> None:
    for entry in polib.pofile(str(catalog)):
        message = entry.msgid_plural or entry.msgid
        assert set(VALUE.findall(translation_of(entry))) == set(VALUE.findall(message)), message


@every_catalog
def test_nothing_is_exclaimed(catalog: Path) -> None:
    for entry in polib.pofile(str(catalog)):
        assert "!" not in entry.msgid + translation_of(entry), entry.msgid


@pytest.mark.parametrize(("english", "french", "portuguese"), CHOSEN)
def test_the_chosen_sentences_stand_in_each_language(english: str, french: str, portuguese: str) -> None:
    for language, sentence in (("fr", french), ("pt", portuguese)):
        catalogs = [catalog_of(catalog) for catalog in CATALOGS if catalog.parts[-3] == language]
        entry = next(catalog[english] for catalog in catalogs if english in catalog)
        assert translation_of(entry).replace("\N{NO-BREAK SPACE}", " ") == sentence


@cache
def catalog_of(path: Path) -> dict[str, polib.POEntry]:
    return {entry.msgid_with_context: entry for entry in polib.pofile(str(path))}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "greeting"), [("fr", "Quel plaisir de vous revoir"), ("pt", "Bom regresso")]
)
def test_the_front_page_greets_in_the_language_that_was_chosen(
    client: Client, language: str, greeting: str
) -> None:
    client.post(reverse("set_language"), {"language": language})
    page = client.get(reverse("account_login")).content.decode()
    translation.activate("en")
    assert f'<html lang="{language}"' in page
    assert greeting in page
