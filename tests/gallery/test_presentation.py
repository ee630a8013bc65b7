"""Names, numbers and dates as pages write them, and text as people type it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from gallery.presentation.dates import ago_text, span_text
from gallery.presentation.names import app_name, picture_kind, service_name
from gallery.presentation.numbers import albums_text, photos_text
from gallery.presentation.typed_text import TypedTextField
from tests.support.fake_service import KINDS, FakeServiceServer
from tests.support.linking import offered


def test_a_service_is_called_by_the_first_word_of_its_name() -> None:
    with FakeServiceServer() as server, offered(server.url):
        assert service_name("sapo") == "SAPO"
        assert service_name("left-out") == "left-out"


def test_a_server_is_called_as_the_site_names_it() -> None:
    with FakeServiceServer() as server, offered(server.url):
        assert app_name("test-ticketed") == KINDS["ticketed"].name
        assert app_name("left-out") == "left-out"


@pytest.mark.parametrize(
    ("language", "photos", "albums"),
    [("en", "1,234 photos", "1 album"), ("fr", "1 234 photos", "1 album"), ("pt", "1.234 fotos", "1 álbum")],
)
def test_numbers_are_written_as_each_language_does(language: str, photos: str, albums: str) -> None:
    with translation.override(language):
        plain_spaces = photos_text(1234).replace("\N{NO-BREAK SPACE}", " ").replace("\u202f", " ")
        assert (plain_spaces, albums_text(1)) == (photos, albums)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 8, 2), date(2026, 8, 9), "2 to 9 August 2026"),
        (date(2026, 7, 2), date(2026, 8, 9), "2 July to 9 August 2026"),
        (date(2025, 7, 2), date(2026, 8, 9), "2 July 2025 to 9 August 2026"),
        (date(2026, 8, 9), date(2026, 8, 9), "9 August 2026"),
        (None, date(2026, 8, 9), ""),
    ],
)
def test_a_span_of_days_is_as_short_as_it_can_be_said(first: date | None, last: date, text: str) -> None:
    with translation.override("en"):
        assert span_text(first, last) == text


@pytest.mark.parametrize(
    ("passed", "english", "french", "portuguese"),
    [
        (timedelta(seconds=20), "just now", "à l'instant", "agora mesmo"),
        (timedelta(minutes=5, seconds=5), "5 minutes ago", "il y a 5 minutes", "há 5 minutos"),
        (timedelta(days=2, hours=3), "2 days ago", "il y a 2 jours", "há 2 dias"),
        (-timedelta(seconds=5), "just now", "à l'instant", "agora mesmo"),
    ],
)
def test_how_long_ago_is_said_in_one_unit(
    passed: timedelta, english: str, french: str, portuguese: str
) -> None:
    moment = timezone.now() - passed
    for language, text in (("en", english), ("fr", french), ("pt", portuguese)):
        with translation.override(language):
            assert ago_text(moment).replace("\N{NO-BREAK SPACE}", " ") == text


def test_typed_lines_are_compared_without_how_they_end() -> None:
    field = TypedTextField()
    assert field.clean("one\r\ntwo\rthree") == "one\ntwo\nthree"
    assert not field.has_changed("one\ntwo", "one\r\ntwo")
    assert field.has_changed("one\ntwo", "one two")


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "a\x7fb", "\ud800"])
def test_text_that_no_service_can_carry_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypedTextField().clean(text)


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("image/jpeg", "JPEG"),
        ("image/png", "PNG"),
        ("image/x-ms-bmp", "BMP"),
        ("image/svg+xml", "SVG"),
        ("video/mp4", "MP4"),
        ("", ""),
    ],
)
def test_kind_of_picture_is_called_as_people_call_it(media_type: str, name: str) -> None:
    assert picture_kind(media_type) == name
