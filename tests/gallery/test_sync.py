"""Sync against a plain service: what is asked, what is written, what stays."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.library import services
from gallery.library.models import Album, Collection, Photo, Sync, Timeline
from providers.contract.errors import Unavailable
from tests.support.library_builder import assert_counters_are_right, link, sync_with
from tests.support.plain_service import DAY_ONE, NewestService, PlainService, newest, photo, plain

TROUBLE = {"provider": "plain", "operation": "albums"}


@pytest.fixture
def account(alice: User) -> LinkedAccount:
    return link(alice)


def written_tables(queries: CaptureQueriesContext) -> Counter[str]:
    """Which library tables were written, other than the row that says how the sync stands."""
    words = [query["sql"].replace('"', "").split() for query in queries.captured_queries]
    changed = [
        w[2] if w[0] in ("INSERT", "DELETE") else w[1]
        for w in words
        if w[0] in ("INSERT", "UPDATE", "DELETE")
    ]
    return Counter(table for table in changed if table.startswith("library_") and table != "library_sync")


@pytest.mark.parametrize("service", [plain(), newest()], ids=["by album", "newest first"])
def test_sync_brings_everything_with_right_counters(service: PlainService, account: LinkedAccount) -> None:
    sync_with(account, service)
    expected = {one.remote_id for photos in service.held.values() for one in photos}
    assert set(Photo.objects.values_list("remote_id", flat=True)) == expected
    for album in Album.objects.all():
        assert {p.photo.remote_id for p in album.places.all()} == {
            p.remote_id for p in service.held[album.remote_id]
        }
    assert_counters_are_right(account.user)
    assert account.sync.status == Sync.Status.IDLE
    assert account.sync.complete_at is not None


@pytest.mark.parametrize("service", [plain(), newest()], ids=["by album", "newest first"])
@pytest.mark.parametrize("is_complete", [False, True], ids=["incremental", "complete"])
def test_sync_without_change_writes_no_row(
    service: PlainService, is_complete: bool, account: LinkedAccount
) -> None:
    sync_with(account, service)
    with CaptureQueriesContext(connection) as queries:
        sync_with(account, service, is_complete=is_complete)
    assert not written_tables(queries)


def test_sync_lists_only_albums_that_changed(account: LinkedAccount) -> None:
    service = plain()
    sync_with(account, service)
    service.calls.clear()
    service.held["b"].append(photo(4))
    sync_with(account, service)
    assert service.calls == ["albums", "photos b"]
    service.calls.clear()
    service.titles["a"] = "Another title"
    sync_with(account, service)
    assert service.calls == ["albums", "photos a"]
    assert Album.objects.get(remote_id="a").title == "Another title"


def test_sync_stops_at_the_known_when_totals_agree(account: LinkedAccount) -> None:
    service = newest(400)
    sync_with(account, service)
    service.calls.clear()
    service.held["a"].append(photo(1000))
    sync_with(account, service)
    assert service.calls == ["albums", "newest 1", "newest 2"]
    assert Photo.objects.filter(remote_id="p1000").exists()


def test_sync_looks_at_everything_when_totals_disagree(account: LinkedAccount) -> None:
    service = newest(200)
    sync_with(account, service)
    service.held["a"].remove(photo(3))
    sync_with(account, service)
    assert not Photo.objects.filter(remote_id="p3").exists()
    assert Photo.objects.count() == 199
    assert_counters_are_right(account.user)


@pytest.mark.parametrize("service", [plain(), newest()], ids=["by album", "newest first"])
def test_what_was_added_under_a_clock_that_was_a_day_ahead_is_removed_when_it_is_gone(
    service: PlainService, account: LinkedAccount
) -> None:
    service.held["c"] = [photo(777)]
    service.titles["c"] = "Gone tomorrow"
    sync_with(account, service)
    later = timezone.now() + timedelta(days=1)
    Photo.objects.update(added_at=later)
    Album.objects.update(added_at=later)
    for photos in service.held.values():
        photos[:] = [one for one in photos if one.remote_id != "p2"]
    del service.held["c"], service.titles["c"]
    sync_with(account, service, is_complete=True)
    assert not Photo.objects.filter(remote_id__in=["p2", "p777"]).exists()
    assert not Album.objects.filter(remote_id="c").exists()
    assert_counters_are_right(account.user)


def test_photo_that_comes_when_the_clock_is_put_back_during_a_sync_stays(account: LinkedAccount) -> None:
    """It looks older than the sync that has not seen it."""
    service = newest(60)
    sync_with(account, service)

    def put_back() -> None:
        clock.shift(-timedelta(days=1))
        services.add_photo(account, photo(900), ["a"])

    with time_machine.travel(timezone.now() + timedelta(days=1)) as clock:
        service.before_page[2] = put_back
        sync_with(account, service, is_complete=True)
    assert Photo.objects.filter(remote_id="p900").exists()


def test_service_that_counts_more_than_it_lists_is_not_listed_whole_each_time(account: LinkedAccount) -> None:
    service = newest(400)
    service.unlisted = 3
    sync_with(account, service)
    service.calls.clear()
    sync_with(account, service)
    assert service.calls == ["albums", "newest 1"]
    service.unlisted = 2
    sync_with(account, service)
    assert service.calls[-1] == "newest 8"


def test_sync_asked_for_everything_finds_an_old_photo_that_changed(account: LinkedAccount) -> None:
    service = newest(200)
    sync_with(account, service)
    service.held["a"][3] = photo(3, title="Renamed", tags=("new",), created_at=photo(150).created_at)
    service.held["b"] = []
    sync_with(account, service, is_complete=True)
    changed = Photo.objects.get(remote_id="p3")
    assert (changed.title, changed.tag_names) == ("Renamed", ["new"])
    assert_counters_are_right(account.user)


@pytest.mark.parametrize("make", [plain, newest], ids=["by album", "newest first"])
def test_sync_removes_what_is_gone(make: type[PlainService], account: LinkedAccount) -> None:
    service = make()
    sync_with(account, service)
    del service.held["b"]
    service.held["a"] = [one for one in service.held["a"] if one.remote_id != "p2"]
    if isinstance(service, NewestService):
        service.collected = {}
    sync_with(account, service)
    assert set(Photo.objects.values_list("remote_id", flat=True)) == {p.remote_id for p in service.held["a"]}
    assert list(Album.objects.values_list("remote_id", flat=True)) == ["a"]
    assert not Collection.objects.exists()
    assert_counters_are_right(account.user)


def test_photo_moved_to_another_album_stays_one_photo(account: LinkedAccount) -> None:
    service = plain()
    sync_with(account, service)
    before = Photo.objects.get(remote_id="p2").pk
    service.held["b"].append(service.held["a"].pop())
    sync_with(account, service)
    moved = Photo.objects.get(remote_id="p2")
    assert moved.pk == before
    assert [place.album.remote_id for place in moved.places.all()] == ["b"]
    assert_counters_are_right(account.user)


def test_sync_removes_nothing_when_the_listing_breaks_off(account: LinkedAccount) -> None:
    service = newest(200)
    sync_with(account, service)
    del service.held["a"][:150]
    service.fails_at["newest 1"] = Unavailable("gone", **TROUBLE)
    sync_with(account, service)
    assert Photo.objects.count() == 200
    assert account.sync.status == Sync.Status.FAILED


def test_photo_that_moved_into_an_album_of_the_same_size_is_not_taken_for_gone(
    account: LinkedAccount,
) -> None:
    service = PlainService(held={"a": [photo(1), photo(2)], "b": [photo(3), photo(9)]})
    sync_with(account, service)
    before = Photo.objects.get(remote_id="p2").pk
    service.held["b"] = [photo(3), service.held["a"].pop()]
    sync_with(account, service)
    moved = Photo.objects.get(remote_id="p2")
    assert moved.pk == before and [place.album.remote_id for place in moved.places.all()] == ["b"]
    assert not Photo.objects.filter(remote_id="p9").exists()
    assert_counters_are_right(account.user)


def test_album_that_counts_photos_and_shows_none_loses_none(account: LinkedAccount) -> None:
    service = plain()
    sync_with(account, service)
    service.held["a"].append(photo(5))
    shown, service.photos = service.photos, lambda album_id: iter([])  # type: ignore[method-assign]
    sync_with(account, service)
    assert account.sync.status == Sync.Status.FAILED and Photo.objects.count() == 3
    service.photos = shown  # type: ignore[method-assign]
    sync_with(account, service)
    assert Photo.objects.count() == 4


def test_page_that_came_empty_removes_nothing(account: LinkedAccount) -> None:
    service = newest(300)
    sync_with(account, service)
    service.lost_pages = {3}
    sync_with(account, service, is_complete=True)
    assert Photo.objects.count() == 300
    service.lost_pages = set()
    sync_with(account, service)
    assert Photo.objects.count() == 300
    service.held["a"].pop()
    sync_with(account, service)
    assert Photo.objects.count() == 299


def test_photo_that_goes_while_it_is_listed_takes_no_other_with_it(account: LinkedAccount) -> None:
    service = newest(300)
    sync_with(account, service)
    gone = service.held["a"][-1]

    def meanwhile() -> None:
        for photos in service.held.values():
            if gone in photos:
                photos.remove(gone)

    service.before_page[3] = meanwhile
    sync_with(account, service, is_complete=True)
    assert Photo.objects.count() == 300  # one too many for a while, and none too few
    sync_with(account, service)
    assert set(Photo.objects.values_list("remote_id", flat=True)) == {p.remote_id for p in service.held["a"]}


def test_photo_uploaded_while_the_top_is_looked_at_is_not_taken_for_gone(account: LinkedAccount) -> None:
    service = newest(300)
    sync_with(account, service)
    del service.held["a"][0]  # so that everything has to be looked at
    service.held["a"].append(photo(900))

    def meanwhile() -> None:
        service.held["a"].append(photo(901))
        services.add_photo(account, photo(901), ["a"])

    service.before_page[2] = meanwhile
    sync_with(account, service)
    assert Photo.objects.filter(remote_id="p901").exists()


def test_collections_keep_the_order_of_their_albums(account: LinkedAccount) -> None:
    service = newest(4)
    sync_with(account, service)
    collection = Collection.objects.get()
    assert [place.album.remote_id for place in collection.places.all()] == ["b", "a"]
    service.collected["c"] = ["a", "b"]
    sync_with(account, service)
    assert [place.album.remote_id for place in collection.places.all()] == ["a", "b"]


def test_photo_that_is_still_pending_is_not_shown(account: LinkedAccount) -> None:
    service = newest(10)
    service.held["a"].append(replace(photo(99), is_pending=True))
    sync_with(account, service)
    assert Photo.objects.count() == 10
    service.calls.clear()
    sync_with(account, service)
    assert service.calls.count("newest 1") == 1


def test_odd_text_of_a_service_is_stored_or_cut(account: LinkedAccount) -> None:
    odd = photo(
        1, title="x" * 10_000, filename="a\0b" * 400, tags=("  Praia \n do Norte ", "PRAIA DO NORTE", "")
    )
    service = PlainService(held={"a": [odd]}, titles={"a": "]]> \U0001f34a" + "y" * 10_000})
    sync_with(account, service)
    row = Photo.objects.get()
    assert len(row.title) == 500
    assert "\0" not in row.filename
    assert row.tag_names == ["Praia do Norte"]
    assert_counters_are_right(account.user)


@pytest.mark.parametrize("seed", range(8))
def test_counters_stay_right_whatever_happens(seed: int, alice: User) -> None:
    """Random changes at two services, syncs, uploads and removals, in any order."""
    chance = Random(seed)
    pairs: list[tuple[LinkedAccount, PlainService]] = [
        (link(alice, "by album"), PlainService()),
        (link(alice, "newest first"), NewestService(page_size=7)),
    ]
    for _ in range(12):
        account, service = chance.choice(pairs)
        change(service, chance)
        deed = chance.randrange(4)
        if deed == 0 and service.held:
            number, album_id = chance.randrange(40), chance.choice([*service.held, "unknown"])
            services.add_photo(account, photo(number, tags=(chance.choice("abc"),)), [album_id])
        elif deed == 1 and (row := account.photos.order_by("?").first()):
            services.forget_photo(row)
        else:
            sync_with(account, service, is_complete=chance.random() < 0.5)
        if Timeline.objects.exists():
            assert_counters_are_right(alice)
    for account, service in pairs:
        sync_with(account, service, is_complete=True)
        held = {one.remote_id for photos in service.held.values() for one in photos}
        assert set(account.photos.values_list("remote_id", flat=True)) == held
    assert_counters_are_right(alice)
    services.remove_account(pairs[0][0])
    assert_counters_are_right(alice)


def change(service: PlainService, chance: Random) -> None:
    """Something happens at a service: albums come and go, photos come, go, move and change."""
    for _ in range(chance.randrange(1, 5)):
        album_id = chance.choice("abcd")
        photos = service.held.setdefault(album_id, [])
        number = chance.randrange(40)
        elsewhere = any(one.remote_id == f"p{number}" for held in service.held.values() for one in held)
        deed = chance.randrange(5)
        if deed == 0 and len(service.held) > 1:
            del service.held[album_id]
        elif deed == 1 and photos:
            photos.pop(chance.randrange(len(photos)))
        elif deed == 2 and photos:
            at = chance.randrange(len(photos))
            day = DAY_ONE + timedelta(days=chance.randrange(100))
            tags = tuple(chance.choices("abcd", k=chance.randrange(3)))
            photos[at] = replace(photos[at], created_at=day, tags=tags)
        elif not elsewhere:
            photos.append(photo(number, tags=tuple(chance.choices("abcd", k=2))))
