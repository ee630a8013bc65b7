"""Somebody else's closed album: opened with its password, for who gave it."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from gallery.explore import page_urls
from gallery.explore.album_passwords import password_of
from providers.sapo.server.models import Album
from tests.support.sapo_api import album, person, photo
from tests.support.sapo_cast import LinkedSapo
from tests.support.sapo_site import link, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "figo-maduro-31"


@pytest.fixture
def closed(world: LinkedSapo) -> Album:
    made = album(world.marta, "Quintal", password=SECRET)
    photo(world.marta, made, title="Figueira")
    return made


def address(world: LinkedSapo, closed: Album) -> str:
    return page_urls.album_url(world.account.pk, "marta", str(closed.number))


def give(client: Client, world: LinkedSapo, closed: Album, password: str) -> int:
    place = page_urls.album_key_url(world.account.pk, "marta", str(closed.number))
    return client.post(place, {"password": password}).status_code


def test_closed_album_asks_for_its_password(world: LinkedSapo, closed: Album) -> None:
    part = world.part(address(world, closed), "photos")
    assert "It may need a password." in part and "Figueira" not in part
    assert 'type="password"' in part and "did not open it" not in part


@pytest.mark.parametrize("binding", ["rest", "soap"])
def test_right_password_opens_it(
    world: LinkedSapo, closed: Album, binding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["sapo"]["APPS"][0]
    monkeypatch.setitem(app["settings"], "binding", binding)
    assert give(world.client, world, closed, SECRET) == 302
    assert "Figueira" in world.part(address(world, closed), "photos")


def test_all_its_pages_open(world: LinkedSapo, closed: Album) -> None:
    for number in range(60):
        photo(world.marta, closed, title=f"Foto {number}")
    give(world.client, world, closed, SECRET)
    assert "page=2" in world.part(address(world, closed), "photos")
    assert "Figueira" in world.get(f"{address(world, closed)}?page=2&ask=all")


def test_wrong_password_says_so_and_asks_again(world: LinkedSapo, closed: Album) -> None:
    give(world.client, world, closed, "errado")
    part = world.part(address(world, closed), "photos")
    assert "The password you gave did not open it." in part and "Figueira" not in part
    give(world.client, world, closed, SECRET)
    assert "Figueira" in world.part(address(world, closed), "photos")


def test_who_did_not_give_it_sees_nothing(world: LinkedSapo, closed: Album, bob: User) -> None:
    give(world.client, world, closed, SECRET)
    world.part(address(world, closed), "photos")
    his = link(bob, person("rui"))
    page = page_urls.album_url(his.pk, "marta", str(closed.number))
    assert "Figueira" not in signed_in(bob).get(f"{page}?ask=all").content.decode()
    assert give(signed_in(bob), world, closed, SECRET) == 404


def test_password_is_stored_sealed_and_nowhere_else(world: LinkedSapo, closed: Album) -> None:
    give(world.client, world, closed, SECRET)
    world.part(address(world, closed), "photos")
    assert password_of(world.account, "marta", str(closed.number)).password == SECRET
    client = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
    for key in client.scan_iter("*"):
        if client.type(key) == b"string":
            assert SECRET.encode() not in key + client.get(key)
    assert SECRET not in str(dict(world.client.session))


def test_nothing_given_changes_nothing(world: LinkedSapo, closed: Album) -> None:
    assert give(world.client, world, closed, "  ") == 302
    assert "did not open it" not in world.part(address(world, closed), "photos")
