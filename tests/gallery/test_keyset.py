"""Pages by place: every row once, in order, from an index and not from a heap of rows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gallery.library.keyset import Order, Place, read_place
from gallery.library.models import Album, AlbumPhoto, Photo, PhotoTag, Tag
from gallery.library.photo_lists import PhotoList, album_photos, tag_photos, timeline
from tests.support.library_builder import link, sync_with
from tests.support.plain_service import DAY_ONE, NewestService, photo

DATES = st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC))


@given(
    st.one_of(DATES, st.integers(0, 2**63 - 1), st.text(st.characters(exclude_characters="\0"))),
    st.integers(0, 2**63 - 1),
)
def test_place_is_read_back_as_it_was_written(value: datetime | int | str, pk: int) -> None:
    assert read_place(str(Place(value, pk)), type(value)) == Place(value, pk)


@given(st.text())
def test_text_that_is_no_place_begins_at_the_beginning(text: str) -> None:
    for kind in (datetime, int, str):
        place = read_place(text, kind)
        assert place is None or isinstance(place.value, kind)


def walked(photos: PhotoList, size: int) -> list[str]:
    names, after = [], ""
    while True:
        rows, after = photos.page(after, size)
        names += [row.title for row in rows]
        if not after:
            return names


@pytest.mark.parametrize("size", [1, 7, 60])
def test_pages_hold_every_photo_once_even_at_equal_dates(alice: User, size: int) -> None:
    photos = [photo(n, created_at=DAY_ONE + timedelta(days=n // 10), tags=("all",)) for n in range(50)]
    sync_with(link(alice), NewestService(held={"a": photos}))
    in_order = [row.title for row in Photo.objects.order_by("-taken_at", "-pk")]
    album, tag = Album.objects.get(), Tag.objects.get()
    for photo_list in (timeline(alice), album_photos(album), tag_photos(tag)):
        assert walked(photo_list, size) == in_order
    assert walked(album_photos(album, is_newest_first=False), size) == in_order[::-1]


def test_neighbours_are_those_of_the_list(alice: User) -> None:
    photos = [photo(n, created_at=DAY_ONE) for n in range(9)]
    sync_with(link(alice), NewestService(held={"a": photos}))
    rows, _ = timeline(alice).page()
    before, after = timeline(alice).around(rows[4].place, 2)
    assert (before, after) == (rows[2:4], rows[5:7])
    assert timeline(alice).around(rows[0].place, 2) == ([], rows[1:3])


def plan_of(sql: str, params: Any) -> str:
    prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(prefix + sql, params)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_page_is_a_range_of_its_index(alice: User) -> None:
    account = link(alice)
    photos = [photo(n, tags=("all",)) for n in range(400)]
    sync_with(account, NewestService(held={"a": photos}))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    place = Place(DAY_ONE + timedelta(hours=200), 200)
    lists = {
        "photo_timeline": (Photo.objects.filter(owner=alice), "pk"),
        "album_timeline": (AlbumPhoto.objects.filter(album=Album.objects.get()), "photo_id"),
        "tag_timeline": (PhotoTag.objects.filter(tag=Tag.objects.get()), "photo_id"),
    }
    for index, (rows, pk) in lists.items():
        plan = plan_of(*Order("taken_at", pk).after(rows, place)[:61].query.sql_with_params())
        assert index in plan
        assert "TEMP B-TREE" not in plan and "Sort" not in plan
        assert "taken_at<" in plan or "taken_at <=" in plan
