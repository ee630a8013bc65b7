"""What nobody gave a title is called so wherever it is named, and never by its id."""

import pytest
from django.urls import reverse

from gallery.library.models import Album, Collection, Photo
from tests.support.sapo_cast import OwnPhoto

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def untitled(own: OwnPhoto) -> tuple[Album, Collection]:
    Photo.objects.update(title="", filename="")
    Album.objects.update(title="")
    collection = Collection.objects.create(account=own.account, owner=own.account.user, remote_id="c-4711")
    album = Album.objects.get(places__photo=own.photo)
    collection.places.create(album=album)
    return album, collection


def test_pages_name_what_has_no_title(own: OwnPhoto, untitled: tuple[Album, Collection]) -> None:
    album, collection = untitled
    photo = f"{reverse('library:photo', args=[own.photo.pk])}?in=album:{album.pk}"
    new = f"{reverse('uploads:new')}?account={own.account.pk}"
    for address, named in [
        (reverse("library:album", args=[album.pk]), "<title>Untitled · Pomar</title>"),
        (reverse("library:album", args=[album.pk]), f'/collections/{collection.pk}/">Untitled</a>'),
        (reverse("library:collection", args=[collection.pk]), "<title>Untitled · Pomar</title>"),
        (photo, 'aria-label="Back to Untitled"'),
        (reverse("changes:edit", args=[own.photo.pk]), '<p class="page__lead">Untitled</p>'),
        (new, f'<option value="{album.pk}">Untitled</option>'),
    ]:
        page = " ".join(own.client.get(address).content.decode().split())
        assert named in page, (address, named)
        assert f">{own.photo.remote_id}<" not in page.partition("<dl")[0], address


def test_new_cover_is_told_without_an_id(own: OwnPhoto, untitled: tuple[Album, Collection]) -> None:
    album, _ = untitled
    answer = own.client.post(reverse("library:cover", args=[album.pk, own.photo.pk]), follow=True)
    assert "Untitled is the cover of Untitled here." in answer.content.decode()
