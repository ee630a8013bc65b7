"""Views are counted at the service: by a task, once in a while, and only where that is allowed."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from celery import current_app
from django.contrib.auth.models import User
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from gallery.accounts.models import LinkedAccount
from gallery.explore import page_urls
from gallery.explore.view_counting import count_view
from gallery.library.models import Photo
from providers.sapo.server.models import Image, Person
from tests.support.sapo_api import person, photo
from tests.support.sapo_site import link, lose_key, served_at, signed_in, synced

pytestmark = pytest.mark.django_db(transaction=True)
TASK = "gallery.explore.tasks.count_view"


class Seen(NamedTuple):
    account: LinkedAccount
    own: Image
    hers: Image


@pytest.fixture
def seen(alice: User, live_server: LiveServer) -> Iterator[Seen]:
    with served_at(live_server.url):
        ana, marta = person("ana", is_admin=True), person("marta")
        own, hers = photo(ana, title="Minha"), photo(marta, title="Dela")
        account = synced(link(alice, ana))
        rung()
        yield Seen(account, own, hers)


def rung() -> list[Any]:
    """The arguments of every bell that rang for a view since the last look; the queue is empty then."""
    found = []
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(current_app.conf.task_default_queue)
        while True:
            try:
                message = queue.get(block=False)
            except queue.Empty:
                break
            message.ack()
            if message.headers["task"] == TASK:
                found.append(message.payload[0])
        queue.close()
    return found


def test_opening_a_photo_rings_once_and_the_task_counts_it(seen: Seen, alice: User) -> None:
    client = signed_in(alice)
    own = Photo.objects.get()
    for _ in range(3):
        client.get(reverse("library:photo", args=[own.pk]))
        client.get(f"{page_urls.photo_url(seen.account.pk, seen.hers.uid)}?ask=all")
    bells = rung()
    assert sorted(bells) == sorted([[seen.account.pk, seen.own.uid], [seen.account.pk, seen.hers.uid]])
    for bell in bells:
        count_view(*bell)
    assert list(Image.objects.values_list("visualizations", flat=True)) == [1, 1]


def test_account_that_may_not_count_is_not_troubled_and_not_asked_again(seen: Seen, alice: User) -> None:
    Person.objects.update(is_admin=False)
    count_view(seen.account.pk, seen.hers.uid)
    seen.account.refresh_from_db()
    assert seen.account.state == LinkedAccount.State.OK
    signed_in(alice).get(f"{page_urls.photo_url(seen.account.pk, seen.hers.uid)}?ask=all")
    assert rung() == []
    assert not Image.objects.filter(visualizations__gt=0).exists()


def test_view_of_what_does_not_exist_rings_nothing(seen: Seen, alice: User) -> None:
    signed_in(alice).get(f"{page_urls.photo_url(seen.account.pk, 'nothing')}?ask=all")
    assert rung() == []


def test_view_that_cannot_be_counted_is_let_go(seen: Seen) -> None:
    count_view(seen.account.pk, "nothing")
    lose_key(seen.account)
    count_view(seen.account.pk, seen.hers.uid)
    count_view(10**9, seen.hers.uid)
    assert not Image.objects.filter(visualizations__gt=0).exists()
    seen.account.refresh_from_db()
    assert seen.account.state == LinkedAccount.State.OK


def test_carol_counts_nothing(seen: Seen, carol: User) -> None:
    own = Photo.objects.get()
    assert signed_in(carol).get(reverse("library:photo", args=[own.pk])).status_code == 404
    assert rung() == []
