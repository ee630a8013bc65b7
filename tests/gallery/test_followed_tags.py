"""Following a tag: its newest photos of the whole service are on the explore page until one leaves it."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from gallery.explore import followed_tags, page_urls
from gallery.explore.models import FollowedTag
from tests.support.sapo_api import person, photo
from tests.support.sapo_cast import TILE, LinkedSapo
from tests.support.sapo_site import link, lose_key, served_at, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
HOME = reverse("explore:home")


@pytest.fixture
def world(alice: User, live_server: LiveServer) -> Iterator[LinkedSapo]:
    with served_at(live_server.url):
        ana, marta = person("ana"), person("marta")
        hers = photo(marta, title="Farol", tags="mar,alto mar")
        yield LinkedSapo(link(alice, ana), signed_in(alice), ana, marta, hers)


def follow(world: LinkedSapo, tag: str, answer: str = "yes") -> None:
    address = world.tag_url(tag)
    answered = world.client.post(address, {"follow": answer})
    assert (answered.status_code, answered["Location"]) == (302, address)


def parts_of(world: LinkedSapo) -> list[str]:
    """The names of the followed tags' parts on the explore page, as they stand there."""
    parts = world.client.get(HOME).context["parts"]
    return [part.name for part in parts if part.template == "explore/_followed.html"]


def test_followed_tag_shows_the_photos_of_everybody_on_the_explore_page(world: LinkedSapo) -> None:
    follow(world, "alto mar")
    (name,) = parts_of(world)
    shown = world.part(HOME, name)
    assert TILE.findall(shown) == [page_urls.photo_url(world.account.pk, world.hers.uid)]
    assert world.tag_url("alto mar") in shown and "alto mar" in shown


def test_one_part_holds_the_newest_eight(world: LinkedSapo) -> None:
    for number in range(10):
        photo(world.marta, title=f"Onda {number}", tags="onda")
    follow(world, "onda")
    (name,) = parts_of(world)
    assert len(TILE.findall(world.part(HOME, name))) == 8


def test_tag_page_offers_to_follow_and_then_to_leave(world: LinkedSapo) -> None:
    assert 'value="yes"' in world.get(world.tag_url("mar"))
    follow(world, "mar")
    assert 'value="no"' in world.get(world.tag_url("MAR"))
    follow(world, "Mar", "no")
    assert 'value="yes"' in world.get(world.tag_url("mar")) and parts_of(world) == []


def test_following_twice_keeps_one_row_and_the_last_one_comes_first(world: LinkedSapo) -> None:
    for tag in ("mar", "sol", "MAR"):
        follow(world, tag)
    rows = FollowedTag.objects.in_bulk()
    assert [rows[int(name[1:])].name for name in parts_of(world)] == ["sol", "mar"]


def test_there_is_room_for_so_many_and_the_page_says_so(world: LinkedSapo) -> None:
    for number in range(followed_tags.MOST_FOLLOWED):
        follow(world, f"tag {number}")
    answer = world.client.post(world.tag_url("one more"), {"follow": "yes"}, follow=True)
    assert "Stop following one first" in answer.content.decode()
    assert FollowedTag.objects.count() == followed_tags.MOST_FOLLOWED


def test_somebody_else_sees_and_changes_nothing_of_it(world: LinkedSapo, bob: User) -> None:
    follow(world, "mar")
    theirs = signed_in(bob)
    assert theirs.post(world.tag_url("mar"), {"follow": "no"}).status_code == 404
    assert theirs.get(HOME).context["parts"] == []
    assert FollowedTag.objects.count() == 1


def test_account_that_leaves_takes_its_followed_tags_along(world: LinkedSapo) -> None:
    follow(world, "mar")
    world.account.delete()
    assert not FollowedTag.objects.exists()


def test_lost_key_is_said_in_the_part_and_the_tag_is_kept(world: LinkedSapo) -> None:
    follow(world, "mar")
    lose_key(world.account)
    (name,) = parts_of(world)
    assert "no longer accepts the key" in world.part(HOME, name)
    assert parts_of(world) == [name]
