"""The cover of an album: the newest photo, or the one that its owner chose."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from gallery.accounts.models import LinkedAccount
from gallery.library import services
from gallery.library.models import Album, Photo
from tests.support.library_builder import link, sync_with
from tests.support.plain_service import NewestService, photo


@pytest.fixture
def service() -> NewestService:
    return NewestService(held={"a": [photo(number) for number in range(4)], "b": [photo(0)]})


@pytest.fixture
def account(alice: User, service: NewestService) -> LinkedAccount:
    linked = link(alice)
    sync_with(linked, service)
    return linked


@pytest.fixture
def as_alice(alice: User, client: Client) -> Client:
    client.force_login(alice)
    return client


def album(remote_id: str = "a") -> Album:
    found: Album = Album.objects.select_related("cover").get(remote_id=remote_id)
    return found


def photo_row(number: int) -> Photo:
    return Photo.objects.get(remote_id=f"p{number}")


def cover_of(remote_id: str = "a") -> str:
    cover = album(remote_id).cover
    return cover.remote_id if cover else ""


def choose(client: Client, number: int, remote_id: str = "a", **more: str) -> int:
    return client.post(f"/albums/{album(remote_id).pk}/cover/{photo_row(number).pk}/", more).status_code


@pytest.mark.usefixtures("account")
def test_chosen_photo_is_the_cover_on_every_page_at_once(as_alice: Client) -> None:
    def picture(address: str) -> str:
        return as_alice.get(address).content.decode().partition("<img src=")[2].partition(" ")[0]

    pages = ["/albums/", f"/albums/{album().pk}/"]
    before = [picture(page) for page in pages]
    assert cover_of() == "p3"
    assert choose(as_alice, 1) == 302
    assert cover_of() == "p1"
    address = f"/pictures/{photo_row(1).pk}/"
    assert [address in picture(page) for page in pages] == [True, True]
    assert [address in was for was in before] == [False, False]


@pytest.mark.usefixtures("account")
def test_photo_page_offers_it_and_says_when_it_is_so(as_alice: Client) -> None:
    address = f"/photos/{photo_row(1).pk}/"
    assert "Make it the cover" in as_alice.get(address).content.decode()
    choice = f"/albums/{album().pk}/cover/{photo_row(1).pk}/"
    response = as_alice.post(choice, {"in": f"album:{album().pk}"}, follow=True)
    assert response.redirect_chain[-1][0] == f"{address}?in=album%3A{album().pk}"
    shown = response.content.decode()
    assert "Photo 1 is the cover of Album a here." in shown
    assert "Use the newest instead" in shown and "Make it the cover" not in shown


@pytest.mark.usefixtures("account")
def test_newest_photo_is_the_cover_again_when_wanted(as_alice: Client) -> None:
    choose(as_alice, 1)
    choose(as_alice, 1, newest="")
    assert cover_of() == "p3"


def test_choice_outlives_what_a_sync_brings(
    as_alice: Client, account: LinkedAccount, service: NewestService
) -> None:
    choose(as_alice, 1)
    service.held["a"].append(photo(9))
    sync_with(account, service)
    assert cover_of() == "p1" and album().photo_count == 5


def test_photo_that_leaves_the_album_is_its_cover_no_more(
    as_alice: Client, account: LinkedAccount, service: NewestService
) -> None:
    choose(as_alice, 0)
    del service.held["a"][0]
    sync_with(account, service, is_complete=True)
    assert (cover_of("a"), cover_of("b")) == ("p3", "p0")


@pytest.mark.usefixtures("account")
def test_photo_that_is_gone_leaves_the_newest(as_alice: Client) -> None:
    choose(as_alice, 1)
    services.forget_photo(photo_row(1))
    assert cover_of() == "p3" and album().chosen_cover is None


@pytest.mark.usefixtures("account")
def test_only_a_photo_of_the_album_can_be_its_cover(as_alice: Client) -> None:
    assert choose(as_alice, 3, "b") == 404
    assert as_alice.post(f"/albums/{album().pk}/cover/{10**17}/").status_code == 404
    assert (cover_of("a"), cover_of("b")) == ("p3", "p0")


@pytest.mark.usefixtures("account")
def test_cover_is_chosen_by_its_owner_alone(client: Client, bob: User) -> None:
    client.force_login(bob)
    assert choose(client, 1) == 404
    client.logout()
    assert choose(client, 1) == 302  # to sign in
    assert cover_of() == "p3"
