"""Redis is away: what is looked at still opens, and health says what is missing."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from providers.sapo.server.models import Highlight
from tests.support.sapo_cast import LinkedSapo

pytestmark = pytest.mark.django_db(transaction=True)
NOWHERE = {"default": {"BACKEND": "gallery.redis_cache.PatientRedisCache", "LOCATION": "redis://127.0.0.1:1"}}


@pytest.fixture
def no_redis() -> Iterator[None]:
    with override_settings(CACHES=NOWHERE):
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


def test_health_names_redis(client: Client, db: None, no_redis: None) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 503 and answer.json()["redis"] == "failing"


def test_cache_that_is_away_answers_as_an_empty_one_whose_asker_is_the_first(no_redis: None) -> None:
    cache.set("a", 1)
    assert cache.get("a", "none") == "none" and cache.get_many(["a"]) == {}
    assert cache.add("a", 1) and cache.incr("a") == 1 and not cache.delete("a")
