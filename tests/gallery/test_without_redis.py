"""Redis is away: what is looked at still opens, and health says what is missing."""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from providers.sapo.server.models import Highlight
from tests.support.sapo_cast import LinkedSapo

pytestmark = pytest.mark.django_db(transaction=True)
NOWHERE = {
    "default": {"BACKEND": "gallery.redis_cache.FailOpenRedisCache", "LOCATION": "redis://127.0.0.1:1"}
}


@pytest.fixture
def no_redis() -> Iterator[None]:
    with override_settings(CACHES=NOWHERE):
        cache.clear()
        yield


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/albums/",
        "/tags/",
        "/search/?q=praia",
        "/linked/",
        "/uploads/",
        "/explore/",
        "/explore/?ask=all",
    ],
)
def test_pages_open_without_redis(world: LinkedSapo, no_redis: None, address: str) -> None:
    assert "<html" in world.get(address)


def test_explore_is_answered_by_the_service_itself(world: LinkedSapo, no_redis: None) -> None:
    Highlight.objects.create(person=world.marta)
    assert world.person_url() in world.get("/explore/?ask=all")


def test_found_picture_whose_address_is_not_known_any_more_is_drawn_as_missing(
    world: LinkedSapo, no_redis: None
) -> None:
    (source,) = re.findall(r'src="(/pictures/found/[^"]+)"', world.part(world.person_url(), "photos"))
    answer = world.client.get(source)
    assert answer.status_code == 404 and answer["Content-Type"] == "image/svg+xml"
    assert answer["Cache-Control"] == "private, max-age=20"  # it may be known again soon


def test_health_names_redis(client: Client, db: None, no_redis: None) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 503 and answer.json()["queue"] == "failing"


def test_cache_that_is_away_counts_as_empty(no_redis: None) -> None:
    cache.set("page", "text")
    cache.set_many({"other": "text"})
    assert cache.get("page", "none") == "none" and cache.get_many(["page", "other"]) == {}
    assert not cache.has_key("page") and not cache.touch("page") and not cache.delete("page")


def test_first_to_add_is_the_only_one_while_the_cache_is_away(no_redis: None) -> None:
    assert cache.add("lock", "first", 60) and not cache.add("lock", "second", 60)
    assert cache.get("lock") == "first" and cache.delete("lock") and cache.add("lock", "second", 60)
    assert cache.add("gone-at-once", 1, 0) and not cache.has_key("gone-at-once")


def test_counts_go_on_in_the_process_while_the_cache_is_away(no_redis: None) -> None:
    cache.add("count", 0, 60)
    assert [cache.incr("count"), cache.incr("count"), cache.decr("count")] == [1, 2, 1]
    assert cache.incr("begun-before") == 1
