"""Searching everybody's public photos, against the built-in SAPO server over HTTP."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from gallery.accounts.models import LinkedAccount
from gallery.explore import page_urls
from tests.support.sapo_api import photo
from tests.support.sapo_cast import HTMX, TILE, LinkedSapo, many

pytestmark = pytest.mark.django_db(transaction=True)


def search(world: LinkedSapo, **query: str) -> str:
    page = world.client.get(reverse("explore:search"), query | {"ask": "all"})
    assert page.status_code == 200
    return page.content.decode()


def test_search_by_words_finds_everybodys_photos(world: LinkedSapo) -> None:
    found = search(world, words="casas riscas")
    assert TILE.findall(found) == [page_urls.photo_url(world.account.pk, world.hers.uid)]
    assert "Casas &lt;ao&gt; sol" not in found and "<ao>" not in found
    assert "Nothing found." in search(world, words="casas neve")


def test_search_takes_tags_person_dates_and_words_together(world: LinkedSapo) -> None:
    photo(world.marta, title="Neve", tags="praia", created_at=datetime(2010, 1, 5, 12, tzinfo=UTC))
    assert len(TILE.findall(search(world, tags="praia"))) == 3
    assert len(TILE.findall(search(world, tags="praia", person="Marta"))) == 2
    assert len(TILE.findall(search(world, tags="praia, alto mar"))) == 1
    assert "Neve" in search(world, tags="praia", since="2010-01-05", until="2010-01-05")
    assert "Riscas" not in search(world, tags="praia", since="2010-01-05", until="2010-01-05")
    assert "Riscas" in search(world, tags="praia", words="casas")
    assert "Neve" not in search(world, tags="praia", words="casas")
    assert "Neve" in search(world, words="neve", until="2010-12-31")
    assert "Nothing found" in search(world, words="neve", since="2011-01-01")
    assert "Neve" in search(world, words="neve", person="marta")
    assert "Nothing found" in search(world, words="neve", person="ana")
    assert {"Neve", "Riscas"} <= set(
        re.findall(r'aria-hidden="true">(\w+)</span>', search(world, person="marta"))
    )


def test_search_keeps_what_was_asked_in_the_next_page(world: LinkedSapo) -> None:
    many(world.marta, 60, tags="sol", created_at=datetime(2010, 1, 5, tzinfo=UTC))
    first = search(world, tags="sol", order="oldest")
    (more,) = re.findall(r'hx-get="([^"]+page=2[^"]*)"', first)
    assert "tags=sol" in more and "order=oldest" in more and f"account={world.account.pk}" in more
    assert len(TILE.findall(world.get(more.replace("&amp;", "&"), **HTMX))) == 10


def test_narrowed_search_reads_further_pages_of_the_service(world: LinkedSapo) -> None:
    many(world.marta, 110, tags="sol")
    old = photo(world.marta, title="Perdida", tags="sol", created_at=datetime(2009, 1, 1, tzinfo=UTC))
    assert TILE.findall(search(world, tags="sol", until="2009-12-31")) == [
        page_urls.photo_url(world.account.pk, old.uid)
    ]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"words": ""}, "Enter a word, a tag or a person."),
        ({"since": "2010-01-01"}, "Enter a word, a tag or a person."),
        ({"words": "mar", "since": "yesterday-ish"}, "Write the day as 2026-08-31."),
        ({"words": "mar", "since": "2010-02-01", "until": "2010-01-01"}, "before the first one"),
        ({"words": "mar", "order": "sideways"}, "sideways"),
        ({"words": "m" * 301}, ""),
    ],
)
def test_search_that_cannot_be_asked_says_why(world: LinkedSapo, query: dict[str, str], message: str) -> None:
    page = search(world, **query)
    assert message in page
    if message:
        assert 'id="part-' not in page


def test_service_that_refuses_a_search_leaves_the_account_alone(world: LinkedSapo) -> None:
    words = " ".join(f"palavra{number}" for number in range(12))
    assert "Nothing found" in search(world, words=words)
    world.account.refresh_from_db()
    assert world.account.state == LinkedAccount.State.OK
