"""Search: the own library by tags and words, and services that answer in their own time or not."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from gallery.accounts.models import LinkedAccount
from gallery.library import services
from gallery.library.fulltext import terms_of, words_of
from gallery.library.models import Photo
from gallery.library.search import remote
from gallery.library.search.local import search_library
from gallery.library.search.remote import SearchQuery
from gallery.remote.limits import SEARCH
from providers.contract.accepts import Accepts
from providers.contract.entities import Photo as RemotePhoto
from providers.contract.errors import ReconnectNeeded, Unavailable
from providers.contract.paging import Listing, Page
from providers.registry import ServiceKind
from tests.support.library_builder import link
from tests.support.plain_service import PlainService, photo


@dataclass
class SearchingService(PlainService):
    """Finds everything that it holds under "public"; hangs while `goes_on` is not set."""

    goes_on: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.goes_on.set()

    def photos_by_tags(
        self, tags: Sequence[str], *, username: str = "", adult: bool = False, order: str = ""
    ) -> Listing[RemotePhoto]:
        return self._found(f"tags {' '.join(tags)}")

    def search(
        self, terms: Sequence[str], *, date_from: date | None = None, date_to: date | None = None
    ) -> Listing[RemotePhoto]:
        return self._found(f"words {' '.join(terms)}")

    def _found(self, call: str) -> Listing[RemotePhoto]:
        self._called(call)
        self.goes_on.wait(60)
        items = tuple(self.held.get("public", ()))
        return Listing(lambda _number: Page(items=items, number=1, page_count=1, total=len(items)))


@contextmanager
def every_account_opens(service: PlainService) -> Iterator[None]:
    """Accounts of the kind "plain" open this service."""
    kind = ServiceKind(
        id="plain",
        name="Plain",
        letter="P",
        accepts=Accepts(fields=frozenset(), media_types=()),
        service=type(service),
        open=lambda *_: service,
    )
    with (
        patch("gallery.accounts.services.open_service", return_value=service),
        patch("gallery.library.search.remote.kinds", return_value={"plain": kind}),
    ):
        yield


@pytest.fixture
def account(alice: User) -> LinkedAccount:
    return link(alice)


def titles(user: User, *tags: str, words: str = "", account: LinkedAccount | None = None) -> set[str]:
    rows, _ = search_library(user, SearchQuery(tags=tags, words=tuple(words.split())), account).page()
    return {row.title for row in rows}


def plant(account: LinkedAccount) -> None:
    photos = [
        photo(1, title="Fog in the firs", tags=("praia", "noite")),
        photo(2, title="Maçãs à beira-mar", description="Rui drove", tags=("praia",)),
        photo(3, title="Striped houses", filename="COSTA_NOVA.jpg", tags=("Costa Nova",)),
    ]
    for one in photos:
        services.add_photo(account, one, [])


def test_tags_must_all_be_there(alice: User, account: LinkedAccount) -> None:
    plant(account)
    assert titles(alice, "praia") == {"Fog in the firs", "Maçãs à beira-mar"}
    assert titles(alice, "praia", "noite") == {"Fog in the firs"}
    assert titles(alice, "noite", "costa nova") == set()
    assert titles(alice, "praia", "nowhere") == set()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("fog", {"Fog in the firs"}),
        ("FIRS fog", {"Fog in the firs"}),
        ("macas", {"Maçãs à beira-mar"}),
        ("beira-mar", {"Maçãs à beira-mar"}),
        ("maç", {"Maçãs à beira-mar"}),
        ("drove", {"Maçãs à beira-mar"}),
        ("costa", {"Striped houses"}),
        ("praia", {"Fog in the firs", "Maçãs à beira-mar"}),
        ("fog drove", set()),
        ('" OR *', set()),
        ("fog:* | !x", set()),
        ("'; DROP TABLE", set()),
        ("---", set()),
    ],
)
def test_words_are_found_in_all_texts_without_case_and_accents(
    words: str, expected: set[str], alice: User, account: LinkedAccount
) -> None:
    plant(account)
    assert titles(alice, words=words) == expected


def test_words_and_tags_narrow_each_other(alice: User, account: LinkedAccount) -> None:
    plant(account)
    assert titles(alice, "praia", words="fog") == {"Fog in the firs"}
    assert titles(alice, "costa nova", words="fog") == set()


def test_search_stays_within_the_person_and_the_account(
    alice: User, bob: User, account: LinkedAccount
) -> None:
    second = link(alice, "second")
    plant(account)
    services.add_photo(second, photo(8, title="Fog over there", tags=("praia",)), [])
    plant(link(bob))
    assert titles(alice, words="fog", account=second) == {"Fog over there"}
    assert titles(alice, "praia", account=second) == {"Fog over there"}
    assert len(titles(bob, words=f"fog owner{alice.pk}")) == 0
    rows, _ = search_library(bob, SearchQuery(words=("fog",))).page()
    assert set(Photo.objects.filter(pk__in=[row.pk for row in rows]).values_list("owner", flat=True)) == {
        bob.pk
    }


def test_index_follows_every_change(alice: User, account: LinkedAccount) -> None:
    plant(account)
    services.add_photo(account, photo(1, title="Sun in the firs"), [])
    assert titles(alice, words="fog") == set()
    assert titles(alice, words="sun") == {"Sun in the firs"}
    services.forget_photo(Photo.objects.get(remote_id="p1"))
    assert titles(alice, words="sun") == set()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO library_words(library_words) VALUES ('integrity-check')")


@given(st.text(max_size=200))
def test_any_text_becomes_plain_words(text: str) -> None:
    words = terms_of(text)
    assert all(word.isalnum() or not word.isascii() for word in words)
    assert words_of(7, [text]).split(" ")[0] == "owner7"


def ask(client: Client, account: LinkedAccount, query: str = "q=fog") -> str:
    response = client.get(f"/search/ask/{account.pk}/?{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db(transaction=True)
class TestServices:
    """Groups of services that can search; asked from a thread, so without a transaction around."""

    def test_page_does_not_wait_for_a_service(
        self, alice: User, account: LinkedAccount, client: Client
    ) -> None:
        client.force_login(alice)
        plant(account)
        service = SearchingService()
        with every_account_opens(service):
            html = client.get("/search/?q=fog").content.decode()
        assert not service.calls
        assert "Fog in the firs" in html
        assert f'hx-get="/search/ask/{account.pk}/?q=fog"' in html
        assert f"/search/?q=fog&amp;ask={account.pk}" in html

    def test_empty_search_advises_only_what_is_left_to_do(
        self, alice: User, account: LinkedAccount, client: Client
    ) -> None:
        client.force_login(alice)
        with every_account_opens(SearchingService()):
            everywhere = client.get("/search/?q=nothing-like-it").content.decode()
            one_account = client.get(f"/search/?q=nothing-like-it&account={account.pk}").content.decode()
        assert "Remove one." in everywhere and "or search everywhere" not in everywhere
        assert "Remove one, or search everywhere." in one_account

    def test_service_shows_what_it_found(self, alice: User, account: LinkedAccount, client: Client) -> None:
        client.force_login(alice)
        plant(account)
        own = Photo.objects.get(remote_id="p1")
        other = photo(77, title="A stranger's fog", owner_name="rui", page_url="http://fotos.example/77")
        service = SearchingService(held={"public": [photo(1), other]})
        with every_account_opens(service):
            html = ask(client, account)
            assert service.calls == ["words fog"]
            ask(client, account, "tag=praia&tag=noite")
            assert service.calls[-1] == "tags praia noite"
        assert f'href="/photos/{own.pk}/"' in html
        assert 'href="http://fotos.example/77"' in html
        assert "by rui" in html
        assert "pictures.example" not in html  # its pictures come through our proxy

    def test_found_picture_is_for_the_person_who_searched(
        self, alice: User, carol: User, account: LinkedAccount, client: Client
    ) -> None:
        client.force_login(alice)
        with every_account_opens(SearchingService(held={"public": [photo(77)]})):
            html = ask(client, account)
        address = html.split('src="')[1].split('"')[0]
        key = address.split("/")[3]
        assert remote.found_photo(alice, key) is not None
        client.force_login(carol)
        assert client.get(address).status_code == 404

    def test_slow_service_is_named_after_its_time(
        self, alice: User, account: LinkedAccount, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.force_login(alice)
        monkeypatch.setattr(remote, "SEARCH", replace(SEARCH, deadline=0.3, deadline_after_failure=0.3))
        service = SearchingService()
        service.goes_on.clear()
        with every_account_opens(service):
            html = ask(client, account)
            assert "has not answered within 3 seconds" in html
            assert "Try again" in html
            whole = client.get(f"/search/?q=fog&ask={account.pk}").content.decode()
        service.goes_on.set()
        assert "has not answered within 3 seconds" in whole

    @pytest.mark.parametrize(
        ("kind", "sentence"),
        [(Unavailable, "is not answering"), (ReconnectNeeded, "no longer accepts the key for alice@plain")],
    )
    def test_trouble_of_one_service_stays_in_its_group(
        self, kind: type[Exception], sentence: str, alice: User, account: LinkedAccount, client: Client
    ) -> None:
        client.force_login(alice)
        plant(account)
        service = SearchingService()
        service.fails_at["words fog"] = kind("no", provider="plain", operation="search")  # type: ignore[call-arg,assignment]
        with every_account_opens(service):
            assert sentence in ask(client, account)
            assert "Fog in the firs" in client.get("/search/?q=fog").content.decode()

    def test_service_that_keeps_failing_is_not_asked_for_a_while(
        self, alice: User, account: LinkedAccount, client: Client
    ) -> None:
        client.force_login(alice)
        service = SearchingService()
        with every_account_opens(service):
            for _ in range(SEARCH.failures + 1):
                service.fails_at["words fog"] = Unavailable("no", provider="plain", operation="search")
                assert "is not answering" in ask(client, account)
        assert len(service.calls) == SEARCH.failures

    def test_search_is_asked_once_and_then_cached_for_the_account(
        self, alice: User, bob: User, account: LinkedAccount, client: Client
    ) -> None:
        service = SearchingService(held={"public": [photo(77, title="A stranger's fog")]})
        with every_account_opens(service):
            client.force_login(alice)
            assert "stranger" in ask(client, account) and "stranger" in ask(client, account)
            assert service.calls == ["words fog"]
            client.force_login(bob)
            ask(client, link(bob))
        assert len(service.calls) == 2

    def test_service_that_cannot_search_has_no_group(
        self, alice: User, account: LinkedAccount, client: Client
    ) -> None:
        client.force_login(alice)
        with every_account_opens(PlainService()):
            assert 'hx-get="/search/ask' not in client.get("/search/?q=fog").content.decode()
            assert client.get(f"/search/ask/{account.pk}/?q=fog").status_code == 404

    def test_nobody_asks_through_anothers_account(
        self, carol: User, account: LinkedAccount, client: Client
    ) -> None:
        client.force_login(carol)
        with every_account_opens(SearchingService()) as _:
            assert client.get(f"/search/ask/{account.pk}/?q=fog").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "q=%00", "q=%20", "tag=", "q=a&after=nonsense", "account=x&q=a", f"q={'x' * 5000}"]
)
def test_odd_questions_are_answered(query: str, alice: User, account: LinkedAccount, client: Client) -> None:
    client.force_login(alice)
    assert client.get(f"/search/?{query}").status_code == 200


def test_what_was_asked_can_be_taken_away(alice: User, account: LinkedAccount, client: Client) -> None:
    client.force_login(alice)
    html = client.get("/search/?q=fog+firs&tag=praia").content.decode()
    assert 'href="/search/?q=firs&amp;tag=praia" aria-label="Remove word fog"' in html
    assert 'href="/search/?q=fog+firs" aria-label="Remove tag praia"' in html
