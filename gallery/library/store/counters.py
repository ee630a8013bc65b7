"""Stored counters: every change of the library adds up here and is applied with it, in one transaction."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, models, transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from gallery.accounts.models import LinkedAccount
from gallery.library.models import LONG_AGO, Album, AlbumPhoto, Month, Tag, Timeline


class Tally:
    """What a transaction adds to a person's counters (and takes away: negative numbers)."""

    def __init__(self, owner_id: int) -> None:
        self.owner_id = owner_id
        self.photos: Counter[int] = Counter()  # by account
        self.albums: Counter[int] = Counter()  # by account
        self.places: Counter[int] = Counter()  # by album
        self.tags: Counter[int] = Counter()
        self.months: Counter[tuple[int, int]] = Counter()
        self.touched_albums: set[int] = set()  # whose cover, newest or oldest photo may be another one

    def add_photo(self, account_id: int, taken_at: datetime) -> None:
        self.photos[account_id] += 1
        self.months[taken_at.year, taken_at.month] += 1

    def take_photo(self, account_id: int, taken_at: datetime) -> None:
        self.photos[account_id] -= 1
        self.months[taken_at.year, taken_at.month] -= 1

    def move_photo(self, was: datetime, now: datetime) -> None:
        self.months[was.year, was.month] -= 1
        self.months[now.year, now.month] += 1

    def apply(self) -> None:
        Timeline.objects.filter(pk=self.owner_id).update(
            version=F("version") + 1, photo_count=F("photo_count") + sum(self.photos.values())
        )
        _add(LinkedAccount, "photo_count", self.photos)
        _add(LinkedAccount, "album_count", self.albums)
        _add(Album, "photo_count", self.places)
        self._apply_tags()
        self._apply_months()
        self._look_at_albums()

    def _apply_tags(self) -> None:
        _add(Tag, "photo_count", self.tags)
        if lessened := [pk for pk, number in self.tags.items() if number < 0]:
            Tag.objects.filter(pk__in=lessened, photo_count=0).delete()

    def _apply_months(self) -> None:
        changes = {month: number for month, number in sorted(self.months.items()) if number}
        if not changes:
            return
        rows = [Month(owner_id=self.owner_id, year=year, month=month) for year, month in changes]
        Month.objects.bulk_create(rows, ignore_conflicts=True)
        for (year, month), number in changes.items():
            Month.objects.filter(owner_id=self.owner_id, year=year, month=month).update(
                photo_count=F("photo_count") + number
            )
        Month.objects.filter(owner_id=self.owner_id, photo_count=0).delete()

    def _look_at_albums(self) -> None:
        if not self.touched_albums:
            return
        places = AlbumPhoto.objects.filter(album=OuterRef("pk"))
        newest, oldest = places.order_by("-taken_at", "-photo_id"), places.order_by("taken_at", "photo_id")
        chosen = places.filter(photo=OuterRef("chosen_cover")).values("photo_id")
        Album.objects.filter(pk__in=self.touched_albums).update(
            cover_id=Coalesce(Subquery(chosen[:1]), Subquery(newest.values("photo_id")[:1])),
            first_taken_at=Subquery(oldest.values("taken_at")[:1]),
            newest_at=Coalesce(Subquery(newest.values("taken_at")[:1]), LONG_AGO),
        )


def _add(model: type[models.Model], column: str, numbers: Mapping[int, int]) -> None:
    """Add to many rows' counters with one prepared statement; in the order of keys, against deadlocks."""
    changes = [(number, pk) for pk, number in sorted(numbers.items()) if number]
    if changes:
        name = connection.ops.quote_name
        statement = (
            f"UPDATE {name(model._meta.db_table)} SET {name(column)} = {name(column)} + %s WHERE id = %s"  # noqa: S608
        )
        with connection.cursor() as cursor:
            cursor.executemany(statement, changes)


@contextmanager
def writing(owner_id: int) -> Iterator[Tally]:
    """One short transaction that alone changes this person's library. No service is asked in it."""
    Timeline.objects.get_or_create(owner_id=owner_id)
    with transaction.atomic():
        Timeline.objects.select_for_update().get(pk=owner_id)
        tally = Tally(owner_id)
        yield tally
        tally.apply()
