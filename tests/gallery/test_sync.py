"""Sync against a plain service: what is asked, what is written, what stays."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.library import services, sync
from gallery.library.leases import Lease, LeaseLost
from gallery.library.models import Album, Collection, Photo, Sync, Timeline
from providers.errors import ProtocolError, RateLimited, ReconnectNeeded, Unavailable
from tests.gallery.library import assert_counters_are_right, link, sync_with
from tests.gallery.plain_service import DAY_ONE, NewestService, PlainService, photo

TROUBLE = {"provider": "plain", "operation": "albums"}


@pytest.fixture
def account(alice: User) -> LinkedAccount:
    return link(alice)


def seconds_until_next(account: LinkedAccount) -> float:
    assert account.sync.next_at is not None
    return (account.sync.next_at - timezone.now()).total_seconds()


def plain() -> PlainService:
    return PlainService(held={"a": [photo(1), photo(2)], "b": [photo(3)]})


def newest(count: int = 120) -> NewestService:
    photos = [photo(number) for number in range(count)]
    return NewestService(held={"a": photos, "b": photos[::2]}, collected={"c": ["b", "a"]})


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


def test_collections_keep_the_order_of_their_albums(account: LinkedAccount) -> None:
    service = newest(4)
    sync_with(account, service)
    collection = Collection.objects.get()
    assert [place.album.remote_id for place in collection.places.all()] == ["b", "a"]
    service.collected["c"] = ["a", "b"]
    sync_with(account, service)
    assert [place.album.remote_id for place in collection.places.all()] == ["a", "b"]


@pytest.mark.parametrize(
    ("error", "state", "is_tried_again"),
    [
        (Unavailable("down", **TROUBLE), LinkedAccount.State.UNREACHABLE, True),
        (ProtocolError("odd", **TROUBLE), LinkedAccount.State.UNREACHABLE, True),
        (ReconnectNeeded("old key", code="-1", **TROUBLE), LinkedAccount.State.RECONNECT, False),
    ],
)
def test_trouble_is_kept_with_the_account_alone(
    error: Exception, state: str, is_tried_again: bool, account: LinkedAccount, bob: User
) -> None:
    other = link(bob)
    service = plain()
    service.fails_at["albums"] = error  # type: ignore[assignment]
    sync_with(account, service)
    sync_with(other, service)
    assert account.state == state
    assert (account.sync.next_at is not None) == is_tried_again
    assert other.state == LinkedAccount.State.OK
    assert other.photo_count == 3
    sync_with(account, service)
    assert account.state == LinkedAccount.State.OK
    assert account.sync.failure_count == 0


def test_back_off_grows_and_heeds_the_service(account: LinkedAccount) -> None:
    service, waits = plain(), []
    for _ in range(3):
        service.fails_at["albums"] = Unavailable("down", **TROUBLE)
        sync_with(account, service)
        waits.append(seconds_until_next(account))
    assert waits[0] < waits[1] < waits[2]
    service.fails_at["albums"] = RateLimited("slow down", retry_after=7200, **TROUBLE)
    sync_with(account, service)
    assert seconds_until_next(account) > 7100


def test_account_is_synced_by_one_worker_at_a_time(account: LinkedAccount) -> None:
    services.request_sync(account)
    first = sync.claim(account.pk)
    services.request_sync(account)
    assert first is not None
    assert sync.claim(account.pk) is None


def test_sync_of_a_dead_worker_is_taken_over(account: LinkedAccount) -> None:
    services.request_sync(account)
    assert sync.claim(account.pk)
    Sync.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sync.sweep_syncs()
    assert sync.claim(account.pk) is not None


def test_worker_that_lost_its_lease_changes_nothing(account: LinkedAccount) -> None:
    services.request_sync(account)
    late = sync.claim(account.pk)
    assert late is not None
    late.lease._held_until = 0
    with pytest.raises(LeaseLost):
        late.follow(plain())
    assert not Photo.objects.exists()


def test_wish_during_a_sync_is_not_lost(account: LinkedAccount) -> None:
    services.request_sync(account)
    running = sync.claim(account.pk)
    assert running is not None
    services.request_sync(account)
    running.follow(plain())
    assert sync.claim(account.pk) is not None


def test_sweep_wakes_only_accounts_whose_time_has_come(account: LinkedAccount, bob: User) -> None:
    other = link(bob)
    for one in (account, other):
        sync_with(one, plain())
    Sync.objects.filter(pk=account.pk).update(next_at=timezone.now())
    sync.sweep_syncs()
    assert sync.claim(account.pk) is not None
    assert sync.claim(other.pk) is None


def test_lease_is_taken_once(account: LinkedAccount) -> None:
    row = Sync.objects.create(account=account)
    assert Lease(account.pk).take(row)
    assert not Lease(account.pk).take(row)


def test_uploaded_photo_is_in_the_library_at_once(account: LinkedAccount) -> None:
    service = plain()
    sync_with(account, service)
    for _ in range(2):
        row = services.add_photo(account, photo(9, tags=("new",)), ["a"])
    assert row.title == "Photo 9"
    assert Photo.objects.count() == 4
    assert_counters_are_right(account.user)
    service.held["a"].append(photo(9, tags=("new",)))
    sync_with(account, service)
    assert Photo.objects.get(remote_id="p9").pk == row.pk
    assert_counters_are_right(account.user)


def test_album_made_here_is_there_before_the_next_sync(account: LinkedAccount) -> None:
    service = plain()
    made = service.create_album("c")
    row = services.save_album(account, made)
    assert services.save_album(account, made) == row
    assert_counters_are_right(account.user)


def test_forgotten_photo_leaves_no_trace(account: LinkedAccount) -> None:
    sync_with(account, plain())
    services.forget_photo(Photo.objects.get(remote_id="p2"))
    assert_counters_are_right(account.user)
    assert Photo.objects.count() == 2


def test_removed_account_leaves_the_other_whole(account: LinkedAccount, alice: User, bob: User) -> None:
    second, other = link(alice, "second"), link(bob)
    for one in (account, second, other):
        sync_with(one, newest(30))
    services.remove_account(account)
    assert not LinkedAccount.objects.filter(pk=account.pk).exists()
    assert Photo.objects.filter(owner=alice).count() == 30
    assert Photo.objects.filter(owner=bob).count() == 30
    assert_counters_are_right(alice)
    assert_counters_are_right(bob)


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
