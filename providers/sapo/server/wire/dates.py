"""Dates on the wire: in responses, and as people write them for PHP's strtotime (docs/protocols/sapo.md,
ImageGetListBySearch).

The `dateparser` library reads most of these; where it differs from strtotime the text is adapted first.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import dateparser
from django.conf import settings

from providers.sapo.server.wire.errors import Refused

_WRITTEN_LENGTH = len("2012-09-01 10:20:30")  # of what Python writes for a moment, without its zone
_MAX_LENGTH = 60
_UNIT = r"(?:sec|second|min|minute|hour|day|week|fortnight|month|year)s?"
_NUMBERS = (  # strtotime's own numeric forms
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"),
    re.compile(r"(?P<day>\d{1,2})[-.](?P<month>\d{1,2})[-.](?P<year>\d{4})"),
    re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"),
    re.compile(r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2}))?(?P<day>)"),
)
_EDGE_OF_MONTH = re.compile(r"(?P<edge>first|last) day of (?:(?P<which>last|previous|this|next) month)?")
_RELATIVE = re.compile(rf"[+-]\s*\d|\b(?:ago|last|next|previous|now)\b|{_UNIT}\s*$")
_DAYS = ("today", "midnight", "yesterday", "tomorrow", "ontem", "hoje", "amanhã")
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_WEEKDAY = re.compile(_DAY)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EDGE_OF_NAMED = re.compile(r"(?P<edge>first|last) day of (?P<month>[a-zç]{3,9} \d{4})")
_DAY_OF_WEEK = re.compile(rf"(?P<day>{_DAY}) (?P<which>last|previous|this|next) week")


@cache
def time_zone() -> ZoneInfo:
    """The service's own."""
    return ZoneInfo(settings.SAPO_TIME_ZONE)


def date_text(moment: datetime | None) -> str | None:
    """Local time of the service, without a zone."""
    return None if moment is None else str(moment.astimezone(time_zone()))[:_WRITTEN_LENGTH]


def earliest(text: str, name: str) -> datetime | None:
    """The first moment of what `text` names, None for "". Raises Refused, naming the parameter."""
    return _read(text, name) if text else None


def latest(text: str, name: str) -> datetime | None:
    """The moment after what `text` names; a day lasts to its end."""
    moment = earliest(text, name)
    if moment is None or moment.time() != time(0):
        return moment
    return moment + timedelta(days=1)


def _read(text: str, name: str) -> datetime:
    plain = " ".join(text.lower().split())
    now = datetime.now(time_zone())
    try:
        found = None if len(plain) > _MAX_LENGTH else _moment(plain, now)
    except (ValueError, OverflowError):
        found = None
    if found is None or not 1 < found.year < 9999:
        raise Refused(f"{name}: the date cannot be read; yyyy-mm-dd is best")
    return found


def _moment(text: str, now: datetime) -> datetime | None:
    """Raises ValueError or OverflowError for days that do not exist."""
    if re.fullmatch(r"@-?\d{1,12}", text):
        return datetime.fromtimestamp(int(text[1:]), UTC).astimezone(time_zone())
    for numbers in _NUMBERS:
        if found := numbers.fullmatch(text):
            year, month, day = (int(found[part] or 1) for part in ("year", "month", "day"))
            return datetime(_whole_year(year), month, day, tzinfo=time_zone())
    if found := _EDGE_OF_MONTH.fullmatch(text):
        return _edge_of_month(found["edge"], found["which"] or "this", now)
    if found := _EDGE_OF_NAMED.fullmatch(text):
        sealed_as = _by_library(found["month"], now)
        return None if sealed_as is None else _edge(found["edge"], sealed_as.year, sealed_as.month)
    if found := _DAY_OF_WEEK.fullmatch(text):
        return _day_of_week(found["day"], found["which"], now)
    moment = _by_library(text, now)
    if moment is not None and text in _DAYS:
        return datetime.combine(moment.date(), time(0), time_zone())
    return moment


def _edge_of_month(edge: str, which: str, now: datetime) -> datetime:
    steps = {"this": 0, "next": 1}.get(which, -1)
    years, month = divmod(now.month - 1 + steps, 12)
    return _edge(edge, now.year + years, month + 1)


def _edge(edge: str, year: int, month: int) -> datetime:
    day = 1 if edge == "first" else monthrange(year, month)[1]
    return datetime(year, month, day, tzinfo=time_zone())


def _whole_year(year: int) -> int:
    """Two digits as strtotime has them: from 1970 to 2069."""
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _day_of_week(day: str, which: str, now: datetime) -> datetime:
    """A day of this, the last or the next week, which begins on Monday."""
    weeks = {"this": 0, "next": 1}.get(which, -1)
    days = _WEEKDAYS.index(day[:3]) - now.weekday() + 7 * weeks
    return datetime.combine(now.date() + timedelta(days=days), time(0), time_zone())


def _by_library(text: str, now: datetime) -> datetime | None:
    if re.fullmatch(rf"\d+ {_UNIT}", text):
        text = f"in {text}"  # ahead, where the library looks back
    found = dateparser.parse(
        text,
        languages=["en", "pt"],
        settings={
            "TIMEZONE": str(time_zone()),
            "RETURN_AS_TIMEZONE_AWARE": True,
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "DATE_ORDER": "MDY",
            "PREFER_DAY_OF_MONTH": "current" if _RELATIVE.search(text) else "first",
            "PREFER_DATES_FROM": "future" if _WEEKDAY.fullmatch(text) else "current_period",
        },
    )
    return None if found is None else found.astimezone(time_zone())
