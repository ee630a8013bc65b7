"""Photos that lie in no album of their own are where their service keeps such photos."""

import pytest
from django.contrib.auth.models import User

from gallery.library.models import Album
from gallery.library.services import add_photo, save_album
from providers.contract import entities
from tests.gallery.test_accounts import linked

pytestmark = pytest.mark.django_db


def test_photo_without_an_album_lies_in_the_inbox_until_it_gets_one(alice: User) -> None:
    account = linked(alice)
    inbox = save_album(account, entities.Album(remote_id="1", title="Ao Molho", is_inbox=True))
    album = save_album(account, entities.Album(remote_id="2", title="Costa"))
    photo = entities.Photo(remote_id="uid1", album_ids=())
    row = add_photo(account, photo, [])
    assert list(row.places.values_list("album_id", flat=True)) == [inbox.pk]
    assert Album.objects.get(pk=inbox.pk).photo_count == 1
    add_photo(account, photo, ["2"])
    assert list(row.places.values_list("album_id", flat=True)) == [album.pk]
    assert Album.objects.get(pk=inbox.pk).photo_count == 0


def test_photo_without_an_album_lies_nowhere_where_there_is_no_inbox(alice: User) -> None:
    row = add_photo(linked(alice), entities.Photo(remote_id="uid1", album_ids=()), [])
    assert not row.places.exists()
