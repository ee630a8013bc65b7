"""Days and months are written as people write them in each language."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.utils import translation

from gallery.presentation import dates

MOMENT = datetime(2026, 8, 7, 9, 42)
TEXTS = {
    "en": {
        dates.day_text: "7 August 2026",
        dates.day_of_year_text: "7 August",
        dates.month_text: "August 2026",
        dates.month_title: "August 2026",
        dates.month_name: "August",
        dates.month_sign: "Aug",
        dates.long_moment_text: "Friday 7 August 2026, 09:42",
    },
    "fr": {
        dates.day_text: "7 août 2026",
        dates.day_of_year_text: "7 août",
        dates.month_text: "août 2026",
        dates.month_title: "Août 2026",
        dates.month_name: "Août",
        dates.month_sign: "Août",
        dates.long_moment_text: "vendredi 7 août 2026 à 09:42",
    },
    "pt": {
        dates.day_text: "7 de agosto de 2026",
        dates.day_of_year_text: "7 de agosto",
        dates.month_text: "agosto de 2026",
        dates.month_title: "Agosto de 2026",
        dates.month_name: "Agosto",
        dates.month_sign: "Ago.",
        dates.long_moment_text: "sexta-feira, 7 de agosto de 2026 às 09:42",
    },
}
CASES = [(language, write, text) for language, texts in TEXTS.items() for write, text in texts.items()]


@pytest.mark.parametrize(("language", "write", "text"), CASES)
def test_a_date_is_written_in_the_way_of_its_language(
    language: str, write: Callable[[date], str], text: str
) -> None:
    with translation.override(language):
        assert write(MOMENT) == text


def test_a_day_that_is_not_known_is_not_written() -> None:
    assert dates.day_text(None) == ""


def test_the_first_of_a_month_has_its_own_word_in_french() -> None:
    first = datetime(2026, 8, 1, 9, 42)
    with translation.override("fr"):
        assert dates.day_text(first) == "1er août 2026"
        assert dates.long_moment_text(first) == "samedi 1er août 2026 à 09:42"
        assert dates.span_text(first, MOMENT) == "1er au 7 août 2026"
        assert dates.day_text(datetime(2026, 8, 11)) == "11 août 2026"
    with translation.override("pt"):
        assert dates.day_text(first) == "1 de agosto de 2026"
