"""Numbers with their thousands apart, and how many there are of what."""

from django.utils.formats import number_format
from django.utils.translation import ngettext


def number_text(number: int) -> str:
    return number_format(number, force_grouping=True)


def photos_text(count: int) -> str:
    return ngettext("%(number)s photo", "%(number)s photos", count) % {"number": number_text(count)}


def albums_text(count: int) -> str:
    return ngettext("%(number)s album", "%(number)s albums", count) % {"number": number_text(count)}
