"""Sizes of files are short, and in the units that people of each language write."""

import pytest
from django.utils import translation

from gallery.presentation.sizes import size_text

NO_BREAK = "\N{NO-BREAK SPACE}"  # a number stays with its unit


@pytest.mark.parametrize(
    ("byte_size", "text"),
    [
        (0, "1 kB"),
        (14_400, "14 kB"),
        (1_048_576, "1 MB"),
        (8_808_038, "8.4 MB"),
        (268_435_456, "256 MB"),
        (1_610_612_736, "1.5 GB"),
    ],
)
def test_a_size_is_short(byte_size: int, text: str) -> None:
    assert size_text(byte_size) == text.replace(" ", NO_BREAK)


def test_a_size_is_written_in_the_way_of_its_language() -> None:
    with translation.override("fr"):
        assert [size_text(14_400), size_text(8_808_038)] == [f"14{NO_BREAK}ko", f"8,4{NO_BREAK}Mo"]
    with translation.override("pt"):
        assert size_text(8_808_038) == f"8,4{NO_BREAK}MB"
