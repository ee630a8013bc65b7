"""The picture proxy: who may look, what is fetched, what is cached, and what a service that is down costs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.http.response import HttpResponseBase
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.library import picture_proxy, services
from gallery.library.models import CachedPicture, Photo
from gallery.library.picture_urls import address_key, best_rendition, picture_sources, sources
from gallery.remote.limits import PICTURES
from providers.contract.entities import Rendition
from tests.support.library_builder import link, sync_with
from tests.support.painting import huge_png, picture, size_of
from tests.support.plain_service import PlainService, photo
from tests.support.replay_server import Answer, ReplayServer, hangs, hangs_up, http

pytestmark = pytest.mark.django_db(transaction=True)  # the service is asked from a thread of its own


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as running:
        yield running


@pytest.fixture
def shown(alice: User, server: ReplayServer) -> Photo:
    """A photo of Alice's, 1000 x 750, in two renditions."""
    return add(link(alice), server)


def add(account: LinkedAccount, server: ReplayServer, number: int = 1, **changes: object) -> Photo:
    renditions = tuple(
        Rendition(url=f"{server.url}/{number}/{size}", max_width=size, max_height=size)
        for size in (250, 1000)
    )
    base = photo(number, width=1000, height=750, renditions=renditions)
    return services.add_photo(account, replace(base, **changes), [])  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _opened() -> Iterator[None]:
    with patch("gallery.accounts.services.open_service", return_value=PlainService()):
        yield


def look(user: User, address: str, **headers: str) -> HttpResponseBase:
    client = Client(headers=headers)
    client.force_login(user)
    return client.get(address)


def address(row: Photo, size: int = 240) -> str:
    return f"/pictures/{row.pk}/{address_key(row.pk, row.picture_key)}/{size}"


def content(response: HttpResponseBase) -> bytes:
    body: bytes = response.getvalue()
    return body


def jpeg(width: int = 250, height: int = 188) -> bytes:
    return http(picture("jpeg", width, height), media_type="image/jpeg")


def is_placeholder(response: HttpResponseBase) -> bool:
    return response.status_code == 200 and response["Content-Type"] == "image/svg+xml"


def test_printed_addresses_are_those_of_the_url_table(shown: Photo) -> None:
    key = address_key(shown.pk, shown.picture_key)
    assert address(shown) == reverse("library:picture", args=[shown.pk, key, 240])
    src, srcset = sources(shown.pk, shown.picture_key, shown.width)
    assert src == address(shown, 480)
    assert [part.split()[1] for part in srcset.split(", ")] == ["240w", "480w", "960w", "1000w"]
    assert picture_sources(shown).width == 1000


def test_address_holds_nothing_of_the_service_and_stays_the_same(shown: Photo, server: ReplayServer) -> None:
    first = picture_sources(shown)
    assert server.url not in first.srcset
    assert picture_sources(Photo.objects.get(pk=shown.pk)) == first


def test_picture_is_fetched_once_and_then_cached(alice: User, shown: Photo, server: ReplayServer) -> None:
    server.queue(jpeg())
    response = look(alice, address(shown))
    assert size_of(content(response)) == (250, 188)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Length"] == str(len(picture("jpeg", 250, 188)))
    again = look(alice, address(shown))
    assert size_of(content(again)) == (250, 188)
    assert [request.path for request in server.requests] == ["/1/250"]


def test_browser_that_has_the_picture_gets_no_bytes(alice: User, shown: Photo, server: ReplayServer) -> None:
    server.queue(jpeg())
    etag = look(alice, address(shown))["ETag"]
    response = look(alice, address(shown), **{"if-none-match": etag})
    assert response.status_code == 304
    assert content(response) == b""


def test_nobody_else_sees_the_picture(
    alice: User, bob: User, carol: User, shown: Photo, server: ReplayServer
) -> None:
    server.queue(jpeg())
    look(alice, address(shown))
    link(bob, "another")
    for user in (bob, carol):
        assert look(user, address(shown)).status_code == 404
    assert Client().get(address(shown)).status_code == 302  # to the sign-in


def test_etag_of_another_person_opens_nothing(
    carol: User, alice: User, shown: Photo, server: ReplayServer
) -> None:
    server.queue(jpeg())
    etag = look(alice, address(shown))["ETag"]
    assert look(carol, address(shown), **{"if-none-match": etag}).status_code == 404


@pytest.mark.parametrize("size", [1, 239, 100_000, 2**70])
def test_only_the_offered_sizes_exist(alice: User, shown: Photo, size: int) -> None:
    assert look(alice, address(shown, size)).status_code == 404


def test_guessed_key_opens_nothing(alice: User, shown: Photo, server: ReplayServer) -> None:
    assert look(alice, f"/pictures/{shown.pk}/AAAAAAAAAAAAAAAA/240").status_code == 404
    assert look(alice, f"/pictures/{2**70}/AAAAAAAAAAAAAAAA/240").status_code == 404
    assert not server.requests


def test_smallest_rendition_that_is_large_enough_is_asked(
    alice: User, shown: Photo, server: ReplayServer
) -> None:
    server.queue(jpeg(1000, 750), jpeg(1000, 750))
    look(alice, address(shown, 960))
    assert server.requests[-1].path == "/1/1000"


def test_rendition_much_too_wide_is_made_smaller(alice: User, shown: Photo, server: ReplayServer) -> None:
    server.queue(jpeg(1000, 750))
    response = look(alice, address(shown, 480))
    assert size_of(content(response)) == (480, 360)


def test_widths_of_renditions_follow_the_proportions() -> None:
    boxes = [
        Rendition(url="s", max_width=100, max_height=100),
        Rendition(url="m", max_width=500, max_height=500),
    ]
    original = Rendition(url="o")
    portrait = best_rendition([*boxes, original], 480, 3000, 4000)
    assert (portrait[0].url, portrait[1]) == ("o", 3000)  # 500 high is only 375 wide
    assert best_rendition(boxes, 480, 4000, 3000)[0].url == "m"
    assert best_rendition(boxes, 960, 4000, 3000)[0].url == "m"  # the widest there is
    assert best_rendition([*boxes, original], 960, None, None)[0].url == "o"


@pytest.mark.parametrize(
    "answer",
    [
        http(b"<html>not a picture</html>", media_type="image/jpeg"),
        http(b"<svg xmlns='http://www.w3.org/2000/svg'/>", media_type="image/svg+xml"),
        http(b"", media_type="image/jpeg"),
        http(b"gone", 404),
        http(b"busy", 503),
        http(b"moved", 302, headers=[("Location", "http://127.0.0.2:9/x")]),
        hangs_up(),
    ],
    ids=["html", "svg", "empty", "gone", "busy", "elsewhere", "cut"],
)
def test_what_is_no_picture_is_never_passed_on(
    answer: bytes | Answer, alice: User, shown: Photo, server: ReplayServer
) -> None:
    server.queue(answer)
    response = look(alice, address(shown))
    assert is_placeholder(response)
    assert response["Cache-Control"] == "private, max-age=20"
    assert not CachedPicture.objects.exists()


def test_picture_of_too_many_pixels_is_not_unpacked(alice: User, shown: Photo, server: ReplayServer) -> None:
    server.queue(http(huge_png(), media_type="image/png"))
    assert is_placeholder(look(alice, address(shown, 480)))
    assert not CachedPicture.objects.exists()


def test_service_that_hangs_is_waited_for_three_times_at_most(
    alice: User, shown: Photo, server: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(PICTURES, deadline=0.4, deadline_after_failure=0.2, rest_seconds=3600)
    monkeypatch.setattr(picture_proxy, "PICTURES", short)
    server.queue(*[hangs(30)] * 60)
    rows = [shown, *(add(shown.account, server, number) for number in range(2, 61))]
    client = Client()
    client.force_login(alice)
    for row in rows:
        assert is_placeholder(client.get(address(row)))
    assert len(server.requests) <= 3


def test_only_a_few_threads_wait_for_a_service(
    alice: User, shown: Photo, server: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(PICTURES, deadline=1.0, slot_wait=0.1, slots=4)
    monkeypatch.setattr(picture_proxy, "PICTURES", few)
    server.queue(*[hangs(30)] * 12)
    rows = [shown, *(add(shown.account, server, number) for number in range(2, 13))]

    def ask(row: Photo) -> bool:
        try:
            return is_placeholder(look(alice, address(row)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(ask, rows))
    assert len(server.requests) <= 4


def test_service_that_answers_again_is_asked_again(alice: User, shown: Photo, server: ReplayServer) -> None:
    server.queue(http(b"busy", 503), http(b"busy", 503), http(b"busy", 503), jpeg())
    for _ in range(4):
        assert is_placeholder(look(alice, address(shown)))
    assert len(server.requests) == 3
    cache.clear()  # as time would
    assert not is_placeholder(look(alice, address(shown)))


def test_a_hundred_askers_cause_one_fetch(alice: User, shown: Photo, server: ReplayServer) -> None:
    server.queue(jpeg())
    client = Client()
    client.force_login(alice)

    def ask(_number: int) -> int:
        try:
            return len(content(client.get(address(shown))))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        lengths = set(pool.map(ask, range(100)))
    assert lengths == {len(picture("jpeg", 250, 188))}
    assert len(server.requests) == 1
    assert CachedPicture.objects.count() == 1


def test_bytes_lost_from_storage_are_fetched_again(alice: User, shown: Photo, server: ReplayServer) -> None:
    server.queue(jpeg(), jpeg())
    look(alice, address(shown))
    default_storage.delete(CachedPicture.objects.get().name)
    assert is_placeholder(look(alice, address(shown)))
    assert size_of(content(look(alice, address(shown)))) == (250, 188)


def test_cache_stays_within_its_bounds(alice: User, shown: Photo, server: ReplayServer) -> None:
    for row in [shown, *(add(shown.account, server, number) for number in range(2, 7))]:
        server.queue(jpeg())
        look(alice, address(row))
    one = CachedPicture.objects.order_by("pk").first()
    assert one is not None
    CachedPicture.objects.exclude(pk=one.pk).update(used_at=timezone.now())
    with override_settings(IMAGE_CACHE_BYTES=one.byte_size * 4):
        assert picture_proxy.trim_pictures() == 3
        assert picture_proxy.trim_pictures() == 0
    assert CachedPicture.objects.count() == 3
    assert not CachedPicture.objects.filter(pk=one.pk).exists()
    assert not default_storage.exists(one.name)


def test_removed_account_leaves_no_bytes(alice: User, shown: Photo, server: ReplayServer) -> None:
    server.queue(jpeg())
    look(alice, address(shown))
    name = CachedPicture.objects.get().name
    services.remove_account(shown.account)
    assert not default_storage.exists(name)


def test_replaced_picture_has_another_address(alice: User, shown: Photo, server: ReplayServer) -> None:
    before = address(shown)
    changed = add(shown.account, server, width=800)
    assert address(changed) != before
    assert look(alice, before).status_code == 404


def test_proportion_and_colour_are_learnt_where_the_service_tells_none(
    alice: User, server: ReplayServer
) -> None:
    account = link(alice)
    row = add(account, server, width=None, height=None)
    assert (row.ratio_class, row.colour_class) == ("r-149", "")
    server.queue(http(picture("jpeg", 100, 200, (240, 20, 20)), media_type="image/jpeg"))
    look(alice, address(row))
    row.refresh_from_db()
    assert row.ratio_class != "r-149"
    assert row.colour_class.startswith("c-")
    service = PlainService(held={"a": [photo(1, width=None, height=None, title="Renamed")]})
    sync_with(account, service)
    again = Photo.objects.get(pk=row.pk)
    assert (again.title, again.ratio_class, again.colour_class) == (
        "Renamed",
        row.ratio_class,
        row.colour_class,
    )


def test_serving_a_cached_picture_takes_two_look_ups_beside_the_session(
    alice: User, shown: Photo, server: ReplayServer
) -> None:
    from django.test.utils import CaptureQueriesContext

    server.queue(jpeg())
    client = Client()
    client.force_login(alice)
    client.get(address(shown))
    with CaptureQueriesContext(connection) as queries:
        client.get(address(shown))
    assert len(queries) == 4  # session, user, photo, picture
