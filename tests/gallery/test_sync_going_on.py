"""A sync that broke off, and the next one: what was listed is not listed again, and nothing is missed."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Photo, Sync
from providers.contract.errors import ProviderError, Unavailable
from tests.support.library_builder import assert_counters_are_right, link, sync_with
from tests.support.plain_service import NewestService, PlainService, photo

PAGES = 40  # of 50 photos; ten of them are written at once


def broke() -> ProviderError:
    return Unavailable("gone", provider="plain", operation="photos")


@pytest.fixture
def account(alice: User) -> LinkedAccount:
    return link(alice)


@pytest.fixture
def service() -> NewestService:
    return NewestService(held={"a": [photo(number) for number in range(50 * PAGES)]})


def pages(service: NewestService) -> list[int]:
    """The pages asked for since this was last said."""
    numbers = [int(call.removeprefix("newest ")) for call in service.calls if call.startswith("newest")]
    service.calls.clear()
    return numbers


def break_off(account: LinkedAccount, service: NewestService, *, at: int) -> None:
    service.fails_at[f"newest {at}"] = broke()
    sync_with(account, service)
    assert account.sync.status == Sync.Status.FAILED
    assert pages(service)[-1] == at


def assert_library_is(account: LinkedAccount, service: NewestService) -> None:
    held = {one.remote_id for one in service.held["a"]}
    assert set(Photo.objects.values_list("remote_id", flat=True)) == held
    assert_counters_are_right(account.user)


def test_albums_that_were_listed_are_not_listed_again(account: LinkedAccount) -> None:
    service = PlainService(held={"a": [photo(1), photo(2)], "b": [photo(3)]})
    service.fails_at["photos b"] = broke()
    sync_with(account, service)
    service.calls.clear()
    sync_with(account, service)
    assert service.calls == ["albums", "photos b"]
    assert account.sync.complete_at is not None
    assert Photo.objects.count() == 3


def test_pages_that_were_listed_are_not_listed_again(account: LinkedAccount, service: NewestService) -> None:
    break_off(account, service, at=25)
    assert Photo.objects.count() == 1000
    sync_with(account, service)
    assert pages(service) == [1, *range(20, PAGES + 1), 1]
    assert account.sync.complete_at is not None and account.sync.cursor == {}
    assert_library_is(account, service)


def test_listing_that_breaks_off_again_goes_on_from_there(
    account: LinkedAccount, service: NewestService
) -> None:
    break_off(account, service, at=15)
    break_off(account, service, at=35)
    sync_with(account, service)
    assert pages(service) == [1, *range(30, PAGES + 1), 1]
    assert_library_is(account, service)


def add_three(service: NewestService) -> None:
    service.held["a"] += [photo(9000 + number) for number in range(3)]


def take_some(service: NewestService) -> None:
    del service.held["a"][-60:-10]  # listed before the break: all that follows moves up by a page
    del service.held["a"][5:9]  # and of those that were not


def take_and_add(service: NewestService) -> None:
    take_some(service)
    add_three(service)


@pytest.mark.parametrize("meanwhile", [add_three, take_some, take_and_add])
def test_what_came_and_went_during_the_break_is_seen(
    account: LinkedAccount, service: NewestService, meanwhile: Callable[[NewestService], None]
) -> None:
    break_off(account, service, at=25)
    meanwhile(service)
    sync_with(account, service)
    assert_library_is(account, service)


def test_photo_that_goes_while_the_rest_is_listed_takes_no_other_with_it(
    account: LinkedAccount, service: NewestService
) -> None:
    def meanwhile() -> None:
        del service.held["a"][-1]

    break_off(account, service, at=25)
    service.before_page[30] = meanwhile
    sync_with(account, service)
    sync_with(account, service)
    assert_library_is(account, service)


def test_what_came_meanwhile_is_shown_even_if_the_rest_breaks_again(
    account: LinkedAccount, service: NewestService
) -> None:
    break_off(account, service, at=25)
    add_three(service)
    break_off(account, service, at=25)
    assert Photo.objects.filter(remote_id="p9002").exists()


def test_sync_asked_for_everything_goes_on_as_well(account: LinkedAccount, service: NewestService) -> None:
    sync_with(account, service)
    pages(service)
    service.fails_at["newest 31"] = broke()
    sync_with(account, service, is_complete=True)
    pages(service)
    old = service.held["a"][100]
    service.held["a"][100] = photo(100, title="Renamed")
    sync_with(account, service)
    assert pages(service) == [1, *range(30, PAGES + 1), 1]
    assert Photo.objects.get(remote_id=old.remote_id).title == "Renamed"


def test_killed_worker_costs_a_second_of_listing(account: LinkedAccount, service: NewestService) -> None:
    def dies() -> None:
        raise SystemExit

    service.before_page = {21: lambda: time.sleep(1.1), 36: dies}
    with pytest.raises(SystemExit):
        sync_with(account, service)
    Sync.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    pages(service)
    sync_with(account, service)
    assert pages(service) == [1, *range(30, PAGES + 1), 1]
    assert_library_is(account, service)


def test_what_was_listed_days_ago_is_listed_again(account: LinkedAccount, service: NewestService) -> None:
    break_off(account, service, at=25)
    Sync.objects.update(started_at=timezone.now() - timedelta(days=2))
    sync_with(account, service)
    assert pages(service) == [*range(1, PAGES + 1)]
    assert_library_is(account, service)
