"""A service that is slow or away holds up no page for longer than three seconds."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client

from gallery.accounts.models import LinkedAccount
from gallery.explore import page_urls
from providers.sapo.server.auth.people import open_account
from tests.support.remote_calls import no_call_is_under_way
from tests.support.running_site import wait_for
from tests.support.sapo_site import link, serve_at, served_at, signed_in
from tests.support.slow_server import SlowServer

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}
LONG = 15  # seconds: on a busy machine too, less than half of what the service lets everybody wait
SLOW = "has not answered within 3 seconds."


@pytest.fixture
def slow() -> Iterator[SlowServer]:
    with SlowServer() as server, served_at(server.url):
        yield server


@pytest.fixture
def account(alice: User) -> LinkedAccount:
    return link(alice, open_account("ana", "ana@sapo.example", "segredo-de-ana"))


def took(client: Client, address: str, **headers: str) -> tuple[float, str]:
    begun_at = time.monotonic()
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return time.monotonic() - begun_at, answer.content.decode()


def test_page_never_waits_and_a_part_three_seconds_at_most(
    alice: User, account: LinkedAccount, slow: SlowServer
) -> None:
    client = signed_in(alice)
    address = page_urls.tag_url(account.pk, "praia")
    _, page = took(client, address)
    assert slow.request_count == 0 and "for three seconds at most" in page
    seconds, part = took(client, f"{address}?ask=photos", **HTMX)
    assert 2.9 < seconds < LONG
    assert SLOW in part and "There may be more." in part and "Try again" in part
    seconds, page = took(client, f"{address}?ask=all")
    assert seconds < LONG and SLOW in page and "<html" in page
    account.refresh_from_db()
    assert account.state == LinkedAccount.State.OK


def test_all_parts_of_a_page_share_three_seconds(
    alice: User, account: LinkedAccount, slow: SlowServer
) -> None:
    seconds, page = took(signed_in(alice), f"{page_urls.person_url(account.pk, 'marta')}?ask=all")
    assert seconds < LONG and page.count(SLOW) == 3


def test_slow_service_is_asked_once_however_often_one_asks_again(
    alice: User, account: LinkedAccount, slow: SlowServer
) -> None:
    address = f"{page_urls.tag_url(account.pk, 'praia')}?ask=photos"

    def ask(_number: int) -> str:
        try:
            return took(signed_in(alice), address, **HTMX)[1]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        parts = list(pool.map(ask, range(3)))
    assert all(SLOW in part for part in parts)
    assert slow.request_count == 1


def test_answer_that_came_too_late_is_there_when_asked_again(
    alice: User, account: LinkedAccount, slow: SlowServer
) -> None:
    slow.answer = (
        b'{"ImageGetListByTagsResponse":{"ImageGetListByTagsResult":{"result":{"ok":"true","total":"1",'
        b'"page":"1","totalPages":"1","perPage":"50"},"images":{"image":{"uid":"u1","title":"Tardia"}}}}}'
    )
    address = f"{page_urls.tag_url(account.pk, 'praia')}?ask=photos"
    assert SLOW in took(signed_in(alice), address, **HTMX)[1]
    slow.go_on.set()
    assert wait_for(no_call_is_under_way, 30)
    assert "Tardia" in took(signed_in(alice), address, **HTMX)[1]


def test_service_that_is_away_is_told_at_once(alice: User, account: LinkedAccount, slow: SlowServer) -> None:
    serve_at("http://127.0.0.1:9")
    _, part = took(signed_in(alice), f"{page_urls.tag_url(account.pk, 'praia')}?ask=photos", **HTMX)
    assert SLOW not in part and "SAPO Fotos is not answering." in part and "Try again" in part
    _, page = took(signed_in(alice), f"{page_urls.person_url(account.pk, 'marta')}?ask=all")
    assert "SAPO Fotos is not answering." in page and "has nothing here" not in page


def test_answer_that_is_junk_is_told_as_trouble(
    alice: User, account: LinkedAccount, slow: SlowServer
) -> None:
    slow.answer = b"<html>Sorry</html>"
    slow.go_on.set()
    _, part = took(signed_in(alice), f"{page_urls.tag_url(account.pk, 'praia')}?ask=photos", **HTMX)
    assert "SAPO Fotos is not answering." in part and "Sorry" not in part


def test_service_that_keeps_failing_is_left_alone_for_a_while(
    alice: User, account: LinkedAccount, slow: SlowServer
) -> None:
    slow.answer = b"<html>Sorry</html>"
    slow.go_on.set()
    client = signed_in(alice)
    for tag in ("praia", "mar", "sol"):
        took(client, f"{page_urls.tag_url(account.pk, tag)}?ask=photos", **HTMX)
    before = slow.request_count
    _, part = took(client, f"{page_urls.tag_url(account.pk, 'noite')}?ask=photos", **HTMX)
    assert slow.request_count == before >= 3
    assert "SAPO Fotos is not answering." in part and "Try again" in part
