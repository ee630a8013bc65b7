"""Views are counted at the service: in the background, once in a while, and only where that is allowed."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from gallery.accounts.models import LinkedAccount
from gallery.explore import page_urls
from gallery.explore.models import PhotoView
from gallery.explore.view_counting import count_view
from gallery.library.models import Photo
from providers.sapo.server.models import Image, Person
from tests.support.jobs import Kind, work_on
from tests.support.sapo_api import person, photo
from tests.support.sapo_site import link, lose_key, served_at, signed_in, synced

pytestmark = pytest.mark.django_db(transaction=True)


class Viewed(NamedTuple):
    account: LinkedAccount
    own: Image
    hers: Image


@pytest.fixture
def viewed(alice: User, live_server: LiveServer) -> Iterator[Viewed]:
    with served_at(live_server.url):
        ana, marta = person("ana", is_admin=True), person("marta")
        own, hers = photo(ana, title="Minha"), photo(marta, title="Dela")
        account = synced(link(alice, ana))
        yield Viewed(account, own, hers)


def noted() -> list[tuple[int, str]]:
    """The views that are still to be told to their service."""
    return sorted(PhotoView.objects.values_list("account", "remote_id"))


def test_photo_that_is_opened_is_counted_once(viewed: Viewed, alice: User) -> None:
    client = signed_in(alice)
    own = Photo.objects.get()
    for _ in range(3):
        client.get(reverse("library:photo", args=[own.pk]))
        client.get(f"{page_urls.photo_url(viewed.account.pk, viewed.hers.uid)}?ask=all")
    assert noted() == sorted([(viewed.account.pk, viewed.own.uid), (viewed.account.pk, viewed.hers.uid)])
    assert work_on(Kind.VIEWS) == 2 and not noted()
    assert list(Image.objects.values_list("visualizations", flat=True)) == [1, 1]


def test_account_that_may_not_count_is_not_troubled_and_not_asked_again(viewed: Viewed, alice: User) -> None:
    Person.objects.update(is_admin=False)
    count_view(viewed.account, viewed.hers.uid)
    viewed.account.refresh_from_db()
    assert viewed.account.state == LinkedAccount.State.OK
    signed_in(alice).get(f"{page_urls.photo_url(viewed.account.pk, viewed.hers.uid)}?ask=all")
    assert noted() == []
    assert not Image.objects.filter(visualizations__gt=0).exists()


def test_view_of_what_does_not_exist_is_not_counted(viewed: Viewed, alice: User) -> None:
    signed_in(alice).get(f"{page_urls.photo_url(viewed.account.pk, 'nothing')}?ask=all")
    assert noted() == []


def test_view_that_cannot_be_counted_is_let_go(viewed: Viewed) -> None:
    count_view(viewed.account, "nothing")
    lose_key(viewed.account)
    count_view(viewed.account, viewed.hers.uid)
    assert not Image.objects.filter(visualizations__gt=0).exists()
    viewed.account.refresh_from_db()
    assert viewed.account.state == LinkedAccount.State.OK


def test_carol_counts_nothing(viewed: Viewed, carol: User) -> None:
    own = Photo.objects.get()
    assert signed_in(carol).get(reverse("library:photo", args=[own.pk])).status_code == 404
    assert noted() == []
