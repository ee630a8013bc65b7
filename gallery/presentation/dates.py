"""Days and months as each language writes them; their order and little words are in gallery/formats."""

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def _is_english() -> bool:
    return (get_language() or "en").startswith("en")


def _formatted(value: date | None, format_name: str) -> str:
    """French and Portuguese write months and days small; Django's Portuguese still has them large."""
    if value is None:
        return ""
    text = date_format(value, format_name)
    return text if _is_english() else _with_first(text.lower())


def _with_first(text: str) -> str:
    """The first day of a month has a word of its own in French."""
    is_french = (get_language() or "").startswith("fr")
    return re.sub(r"^1\b", "1er", text) if is_french else text


def day_text(value: date | None) -> str:
    """ "7 August 2026"; "" for a day that is not known."""
    return _formatted(value, "DATE_FORMAT")


def day_of_year_text(value: date | None) -> str:
    """ "7 August"."""
    return _formatted(value, "MONTH_DAY_FORMAT")


def month_text(value: date | None) -> str:
    """ "August 2026"."""
    return _formatted(value, "YEAR_MONTH_FORMAT")


def month_title(value: date | None) -> str:
    """The same where it stands first or alone."""
    return capfirst(month_text(value))


def month_name(value: date) -> str:
    """ "August", as a title."""
    return capfirst(_formatted(value, "F"))


def month_sign(value: date) -> str:
    """ "Aug", as a title. Only in English are three letters always what people write."""
    return capfirst(_formatted(value, "M" if _is_english() else "N"))


def moment_text(value: date | None) -> str:
    """ "7 August 2026, 09:42"."""
    return _formatted(value, "DATETIME_FORMAT")


def long_moment_text(value: date) -> str:
    """ "Friday 7 August 2026, 09:42"."""
    return _("%(weekday)s %(moment)s") % {"weekday": _formatted(value, "l"), "moment": moment_text(value)}


def ago_text(moment: datetime) -> str:
    """ "just now", "5 minutes ago", "2 days ago"."""
    if timezone.now() - moment < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(moment, depth=1)}


def span_text(first: date | None, last: date | None) -> str:
    """ "2 to 9 August 2026", as short as it can be said; "" where nothing is known."""
    if first is None or last is None:
        return ""
    end = day_text(last)
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return end
    if (first.year, first.month) == (last.year, last.month):
        start = _with_first(str(first.day))
    else:
        start = day_of_year_text(first) if first.year == last.year else day_text(first)
    return _("%(start)s to %(end)s") % {"start": start, "end": end}
