"""What other parts of the gallery write into the library: in it at once, and gone whole."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from gallery.accounts.models import LinkedAccount
from gallery.library import services
from gallery.library.models import Photo
from tests.support.library_builder import assert_counters_are_right, link, sync_with
from tests.support.plain_service import newest, photo, plain

TROUBLE = {"provider": "plain", "operation": "albums"}


@pytest.fixture
def account(alice: User) -> LinkedAccount:
    return link(alice)


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


def test_photo_stands_at_the_date_when_it_was_taken_where_its_service_knows(account: LinkedAccount) -> None:
    service, taken = plain(), datetime(1998, 7, 12, 20, 30, tzinfo=UTC)
    sync_with(account, service)
    service.held["a"][0] = photo(1, taken_at=taken)
    sync_with(account, service, is_complete=True)
    row = Photo.objects.get(remote_id="p1")
    assert (row.taken_at, row.created_at) == (taken, photo(1).created_at)
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
