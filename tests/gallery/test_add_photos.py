""" "Add photos" keeps the account and the album that a person came from, wherever the link stands."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Album
from gallery.uploads.models import UploadBatch
from tests.support.fake_service import Truth
from tests.support.linking import link, upload_of
from tests.support.painting import picture
from tests.support.sapo_site import signed_in

pytestmark = pytest.mark.django_db

OPTION = re.compile(r'<option value="(\d*)"( selected)?>')


@pytest.fixture
def album(alice: User, truth: Truth) -> Iterator[Album]:
    """One of the second account; the first has an album as well."""
    first, second = link(alice, "listed"), link(alice)
    album_in(first, "Elsewhere")
    yield album_in(second, "Harvest")


def album_in(account: LinkedAccount, title: str) -> Album:
    return Album.objects.create(account=account, owner_id=account.user_id, remote_id=title, title=title)


def link_to(client: Client, page: str, form: str) -> str:
    """Where the page's link to that form leads."""
    html = client.get(page).content.decode()
    found = re.search(rf'href="({reverse(form)}\?[^"]*)"', html)
    assert found, f"{page} has no link to {form} with something chosen"
    return unescape(found[1])


def chosen(client: Client, address: str) -> tuple[str, str]:
    """The account and the album that the form opens with."""
    html = client.get(address).content.decode()
    selects = [html.split(f'<select name="{name}"')[1].split("</select>")[0] for name in ("account", "album")]
    account, album = ([pk for pk, mark in OPTION.findall(select) if mark] for select in selects)
    return account[0], (album or [""])[0]


def test_link_on_an_album_opens_the_form_with_its_account_and_album(alice: User, album: Album) -> None:
    client = signed_in(alice)
    address = link_to(client, reverse("library:album", args=[album.pk]), "uploads:new")
    assert chosen(client, address) == (str(album.account_id), str(album.pk))


def test_link_to_the_form_for_the_browser_keeps_the_choice(alice: User, album: Album) -> None:
    client = signed_in(alice)
    address = link_to(client, reverse("library:album", args=[album.pk]), "uploads:new")
    straight = link_to(client, address, "uploads:straight")
    assert chosen(client, straight) == (str(album.account_id), str(album.pk))


def test_link_of_a_batch_leads_back_to_its_album(alice: User, album: Album) -> None:
    upload, client = upload_of(album.account, picture(text="apple")), signed_in(alice)
    UploadBatch.objects.update(album=album)
    address = link_to(client, reverse("uploads:batch", args=[upload.batch_id]), "uploads:new")
    assert chosen(client, address) == (str(album.account_id), str(album.pk))


def test_empty_list_of_one_accounts_albums_opens_the_form_with_that_account(
    alice: User, album: Album
) -> None:
    client, account = signed_in(alice), album.account
    album.delete()
    page = f"{reverse('library:album_list')}?account={account.pk}"
    assert chosen(client, link_to(client, page, "uploads:new")) == (str(account.pk), "")


def test_album_alone_says_which_account(alice: User, album: Album) -> None:
    address = f"{reverse('uploads:new')}?album={album.pk}"
    assert chosen(signed_in(alice), address) == (str(album.account_id), str(album.pk))


def test_form_for_the_browser_offers_only_accounts_whose_service_takes_such_files(
    alice: User, album: Album
) -> None:
    other = Album.objects.get(title="Elsewhere")
    address = f"{reverse('uploads:straight')}?account={other.account_id}&album={other.pk}"
    assert chosen(signed_in(alice), address) == (str(album.account_id), "")


def test_album_beyond_the_newest_ones_can_still_be_chosen(alice: User, album: Album) -> None:
    newest = {"account": album.account, "owner": alice, "newest_at": timezone.now()}
    Album.objects.bulk_create(Album(remote_id=f"{number}", **newest) for number in range(500))
    address = f"{reverse('uploads:new')}?album={album.pk}"
    assert chosen(signed_in(alice), address) == (str(album.account_id), str(album.pk))


def test_album_of_somebody_else_is_not_chosen(alice: User, bob: User, album: Album) -> None:
    own = link(bob)
    address = f"{reverse('uploads:new')}?album={album.pk}&account={album.account_id}"
    assert chosen(signed_in(bob), address) == (str(own.pk), "")


@pytest.mark.parametrize("number", ["\u00b2", "9" * 30, "-1", "x", "\0", "\u0663", ""])
def test_odd_album_in_an_address_breaks_no_form(alice: User, album: Album, number: str) -> None:
    client = signed_in(alice)
    for form in ("uploads:new", "uploads:straight"):
        assert client.get(reverse(form), {"album": number}).status_code == 200
