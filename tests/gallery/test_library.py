"""The library's pages: what they show, to whom, and what they cost."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gallery.accounts.models import LinkedAccount
from gallery.library import services
from gallery.library.models import Album, Collection, Photo, Sync, Tag
from providers.contract.entities import Comment
from tests.support.library_builder import link, sync_with
from tests.support.plain_service import DAY_ONE, NewestService, photo

_WITH_PHOTOS = ("home", "month", "album", "album, oldest first", "tag", "photo", "photo in album", "search")


@pytest.fixture
def account(alice: User) -> LinkedAccount:
    linked = link(alice)
    sync_with(linked, library(200))
    return linked


@pytest.fixture
def as_alice(alice: User, client: Client) -> Client:
    client.force_login(alice)
    return client


def library(count: int) -> NewestService:
    photos = [photo(number, tags=("all", f"tag{number % 3}")) for number in range(count)]
    return NewestService(held={"a": photos, "b": photos[::2], "c": []}, collected={"j": ["a", "b"]})


def page(client: Client, address: str, status: int = 200, *, is_htmx: bool = False) -> str:
    response = client.get(address, headers={"HX-Request": "true"} if is_htmx else {})
    assert response.status_code == status, address
    return response.content.decode()


def addresses(account: LinkedAccount) -> dict[str, str]:
    album = Album.objects.get(account=account, remote_id="a")
    collection = Collection.objects.get(account=account)
    row = Photo.objects.get(account=account, remote_id="p100")
    return {
        "home": "/",
        "month": "/photos/2020/1/",
        "albums": "/albums/",
        "albums by title": f"/albums/?sort=title&account={account.pk}",
        "album": f"/albums/{album.pk}/",
        "album, oldest first": f"/albums/{album.pk}/?sort=oldest",
        "collections": "/collections/",
        "collection": f"/collections/{collection.pk}/",
        "tags": "/tags/",
        "tags by count": "/tags/?sort=count",
        "tag": "/tags/all/",
        "photo": f"/photos/{row.pk}/",
        "photo in album": f"/photos/{row.pk}/?in=album:{album.pk}",
        "photo in tag": f"/photos/{row.pk}/?in=tag:all",
        "search": "/search/?q=photo&tag=all&tag=tag1",
        "sync": f"/sync/{account.pk}/",
    }


def test_every_page_answers_its_owner(as_alice: Client, account: LinkedAccount) -> None:
    for name, address in addresses(account).items():
        html = page(as_alice, address)
        assert "Photo 1" in html or name not in _WITH_PHOTOS, name
        assert len(html) < 60_000, name


def test_nobody_else_sees_anything(account: LinkedAccount, bob: User, carol: User, client: Client) -> None:
    sync_with(link(bob, "bob"), library(3))
    for user in (bob, carol):
        client.force_login(user)
        for name, address in addresses(account).items():
            html = client.get(address).content.decode()
            assert "Photo 100" not in html, name
            assert "Album a" not in html or user == bob, name
        for name in ("album", "collection", "photo", "photo in album", "sync"):
            page(client, addresses(account)[name], 404)
        assert client.post(f"/sync/{account.pk}/now/").status_code == 404


def test_photos_open_only_for_signed_in_people(account: LinkedAccount, client: Client) -> None:
    for address in addresses(account).values():
        assert client.get(address).status_code == 302


def test_photo_cannot_be_walked_to_through_anothers_album(
    as_alice: Client, account: LinkedAccount, bob: User
) -> None:
    sync_with(link(bob, "bob"), library(30))
    foreign = Album.objects.get(owner=bob, remote_id="a")
    row = Photo.objects.get(account=account, remote_id="p10")
    html = page(as_alice, f"/photos/{row.pk}/?in=album:{foreign.pk}")
    shown = {int(pk) for pk in re.findall(r'href="/photos/(\d+)/[?"]', html)}
    assert shown <= set(Photo.objects.filter(account=account).values_list("pk", flat=True))


@pytest.mark.parametrize("kind", ["cached", "rendered"])
def test_pages_take_the_same_queries_for_any_number_of_photos(
    kind: str, as_alice: Client, account: LinkedAccount
) -> None:
    def counts() -> dict[str, int]:
        found = {}
        for name, address in addresses(account).items():
            cache.clear()
            page(as_alice, address)
            if kind == "rendered":
                cache.clear()
            with CaptureQueriesContext(connection) as queries:
                page(as_alice, address)
            found[name] = len(queries)
            of_library = [query["sql"] for query in queries.captured_queries if "library_" in query["sql"]]
            assert not [sql for sql in of_library if "COUNT(" in sql or "OFFSET" in sql]
        return found

    before = counts()
    sync_with(account, library(700))
    assert counts() == before
    assert max(before.values()) <= 10
    if kind == "cached":
        assert before["home"] == before["album"] == before["tag"] == 4  # session, user, version, accounts


def test_home_shows_months_with_their_counts_and_the_rest_behind_older(
    as_alice: Client, account: LinkedAccount
) -> None:
    service = library(200)
    service.held["a"] += [
        photo(9000 + n, created_at=datetime(2026, 8, 1, n % 24, tzinfo=UTC)) for n in range(30)
    ]
    sync_with(account, service)
    html = page(as_alice, "/")
    assert "August <span>2026</span></h2><p>30 photos</p>" in html
    assert "January <span>2020</span></h2><p>200 photos</p>" in html
    assert html.count('class="tile ') == 60
    assert 'href="/photos/2026/8/"' in html
    following = re.search(r'href="([^"]*after=[^"]*)"', html)
    assert following is not None
    more = page(as_alice, following[1].replace("&amp;", "&"), is_htmx=True)
    assert "<html" not in more
    assert "January <span>2020</span>" not in more  # it goes on without a second head
    assert more.count('class="tile ') == 60
    assert not set(re.findall(r"/photos/\d+/", html)) & set(re.findall(r'"/photos/\d+/', more))


def test_list_is_walked_to_its_end(as_alice: Client, account: LinkedAccount) -> None:
    for address in ("/", addresses(account)["album"], "/tags/all/", "/search/?q=photo"):
        shown: list[str] = []
        following: str | None = address
        while following:
            html = page(as_alice, following)
            shown += re.findall(r'tile__link" href="/photos/(\d+)/', html)
            match = re.search(r'class="more"><a class="btn" href="([^"]*)"', html)
            following = match[1].replace("&amp;", "&") if match else None
        assert len(shown) == len(set(shown)) == 200


def test_jump_to_a_month_begins_with_it(as_alice: Client, account: LinkedAccount) -> None:
    service = library(200)
    service.held["a"].append(photo(9000, title="Much later", created_at=datetime(2026, 8, 1, tzinfo=UTC)))
    sync_with(account, service)
    html = page(as_alice, "/photos/2020/1/")
    assert "Much later" not in html
    assert "Photo 199" in html
    for odd in ("/photos/2020/13/", "/photos/0/1/", "/photos/99999999999/1/"):
        page(as_alice, odd, 404)


def test_photo_page_tells_everything_the_service_told(as_alice: Client, account: LinkedAccount) -> None:
    remote = photo(
        7,
        title="Oranges",
        subtitle="in the old orchard",
        description="Grandfather planted these.\nLong ago.",
        rating="4 of 5",
        view_count=1204,
        comments=(Comment(author="Rui", body="The one by the well.", written_at=DAY_ONE),),
        page_url="http://fotos.example/oranges",
        is_adult=True,
        has_password=True,
        tags=("laranja", "orchard"),
    )
    row = services.add_photo(account, remote, ["a"])
    html = page(as_alice, f"/photos/{row.pk}/")
    expected = (
        *("Oranges", "in the old orchard", "Grandfather planted these.<br>Long ago.", "4 of 5", "1,204"),
        *("Rui", "The one by the well.", "http://fotos.example/oranges", "laranja", "orchard", "Album a"),
        *("300 × 200", "IMG_00007.jpg", "Anyone who knows its password", "For adults"),
    )
    for text in expected:
        assert text in html, text


def test_photo_page_leads_to_its_neighbours_in_the_same_list(
    as_alice: Client, account: LinkedAccount
) -> None:
    album = Album.objects.get(account=account, remote_id="b")
    row, older = (Photo.objects.get(remote_id=f"p{n}") for n in (100, 98))
    html = page(as_alice, f"/photos/{row.pk}/?in=album:{album.pk}")
    assert f'href="/photos/{older.pk}/?in=album%3A{album.pk}" rel="next"' in html
    html = page(as_alice, f"/photos/{row.pk}/?in=album:{album.pk}:oldest")
    assert f'href="/photos/{older.pk}/?in=album%3A{album.pk}%3Aoldest" rel="prev"' in html


@pytest.mark.parametrize(
    "context", ["", "album:", "album:x", "album:²", f"album:{10**30}", "tag:", "tag:\0", "x" * 999]
)
def test_photo_opened_from_nowhere_stands_in_the_timeline(
    context: str, as_alice: Client, account: LinkedAccount
) -> None:
    row = Photo.objects.get(remote_id="p100")
    response = as_alice.get(f"/photos/{row.pk}/", {"in": context})
    assert response.status_code == 200
    assert "January 2020" in response.content.decode()


def test_photo_is_not_shown_in_an_album_it_does_not_lie_in(as_alice: Client, account: LinkedAccount) -> None:
    row, album = Photo.objects.get(remote_id="p101"), Album.objects.get(remote_id="b")
    html = page(as_alice, f"/photos/{row.pk}/?in=album:{album.pk}")
    assert "January 2020" in html
    assert "in=album" not in html


def test_ids_beyond_all_bounds_are_not_found(as_alice: Client, account: LinkedAccount) -> None:
    for kind in ("photos", "albums", "collections", "sync"):
        page(as_alice, f"/{kind}/{10**30}/", 404)
    for slug in ("nothing", "%00", "a/b//", "%ff"):
        page(as_alice, f"/tags/{slug}/", 404)


def test_odd_text_is_shown_as_text(as_alice: Client, account: LinkedAccount) -> None:
    odd = "<script>alert(1)</script>\"'&"
    service = NewestService(
        held={"x": [photo(1, title=odd, filename=odd, description=odd, tags=(odd, "a/b", "?#%"))]},
        titles={"x": odd},
        collected={"j": ["x"]},
    )
    sync_with(account, service, is_complete=True)
    row, album = Photo.objects.get(), Album.objects.get()
    tags = [reverse("library:tag", args=[tag.slug]) for tag in Tag.objects.all()]
    for address in ("/", "/albums/", f"/albums/{album.pk}/", f"/photos/{row.pk}/", "/tags/", *tags):
        html = page(as_alice, address)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html or address in tags


def test_changed_library_is_shown_at_once(as_alice: Client, account: LinkedAccount) -> None:
    assert "Brand new" not in page(as_alice, "/")
    services.add_photo(account, photo(5000, title="Brand new"), ["a"])
    assert "Brand new" in page(as_alice, "/")


def test_cached_page_never_carries_anothers_form_token(as_alice: Client, account: LinkedAccount) -> None:
    tokens = [
        re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page(as_alice, "/")) for _ in range(2)
    ]
    assert tokens[0] and tokens[1]
    assert tokens[0] != tokens[1]  # masked anew each time
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(account.user)
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page(strict, "/"))[0]
    answer = strict.post(f"/sync/{account.pk}/now/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302


def test_cached_page_repeats_nothing_of_another_request(as_alice: Client, account: LinkedAccount) -> None:
    assert "hello-from-elsewhere" in page(as_alice, "/?q=hello-from-elsewhere")
    assert "hello-from-elsewhere" not in page(as_alice, "/")
    as_alice.cookies["pomar_theme"] = "dark"
    assert 'data-theme="dark"' in page(as_alice, "/")
    del as_alice.cookies["pomar_theme"]
    assert 'data-theme="dark"' not in page(as_alice, "/")
    as_alice.post(f"/sync/{account.pk}/now/")
    assert "Syncing alice@plain" in page(as_alice, "/")  # a message, said once
    assert "Syncing alice@plain" not in page(as_alice, "/")


def test_empty_album_offers_to_add_photos(as_alice: Client, account: LinkedAccount) -> None:
    album = Album.objects.get(remote_id="c")
    html = page(as_alice, f"/albums/{album.pk}/")
    assert "This album is empty" in html
    assert html.count(f'href="/uploads/new/?account={account.pk}&amp;album={album.pk}"') == 2


def test_account_in_trouble_is_named_above_its_photos(as_alice: Client, account: LinkedAccount) -> None:
    page(as_alice, "/")
    LinkedAccount.objects.filter(pk=account.pk).update(state=LinkedAccount.State.UNREACHABLE)
    assert "is not answering" in page(as_alice, "/")
    LinkedAccount.objects.filter(pk=account.pk).update(state=LinkedAccount.State.RECONNECT)
    assert "no longer accepts the key for alice@plain" in page(as_alice, "/")


def test_empty_library_says_what_to_do(as_alice: Client, alice: User) -> None:
    assert "Nothing planted yet" in page(as_alice, "/")
    for address in ("/albums/", "/collections/", "/tags/", "/search/"):
        page(as_alice, address)
    linked = link(alice)
    services.request_sync(linked)
    assert "In line" in page(as_alice, "/")


def test_sync_state_asks_again_only_while_it_is_on_its_way(as_alice: Client, account: LinkedAccount) -> None:
    assert "hx-trigger" not in page(as_alice, f"/sync/{account.pk}/")
    Sync.objects.update(status=Sync.Status.RUNNING, done_count=1200, total_count=5000)
    html = page(as_alice, f"/sync/{account.pk}/")
    assert "Syncing: 1,200 of 5,000 photos" in html
    assert "hx-trigger" in html


def test_sync_now_asks_for_a_sync(as_alice: Client, account: LinkedAccount) -> None:
    assert as_alice.get(f"/sync/{account.pk}/now/").status_code == 405
    as_alice.post(f"/sync/{account.pk}/now/", {"everything": "1"})
    row = Sync.objects.get(pk=account.pk)
    assert (row.status, row.is_complete_wanted) == (Sync.Status.WAITING, True)


def test_admin_shows_the_library_and_asks_for_syncs(account: LinkedAccount, client: Client) -> None:
    client.force_login(User.objects.create_superuser("operator", "k@example.org", "operator-password-1"))
    for model in ("photo", "album", "collection", "tag", "timeline", "month", "sync", "cachedpicture"):
        page(client, f"/admin/library/{model}/")
    page(client, f"/admin/library/photo/{Photo.objects.first().pk}/change/")  # type: ignore[union-attr]
    page(client, f"/admin/library/sync/?q={account.label}")
    chosen = {"action": "sync_everything", "_selected_action": [account.pk]}
    assert client.post("/admin/library/sync/", chosen).status_code == 302
    assert Sync.objects.get(pk=account.pk).is_complete_wanted


def test_a_page_cached_before_an_upgrade_is_made_again(
    account: LinkedAccount, as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names style sheets that are gone."""
    page(as_alice, "/")
    with CaptureQueriesContext(connection) as cached:
        page(as_alice, "/")
    monkeypatch.setattr("gallery.library.page_cache.release", lambda: "the next one")
    with CaptureQueriesContext(connection) as made:
        page(as_alice, "/")
    assert len(made) > len(cached)


def test_photo_page_tells_what_the_service_told_in_its_own_words(
    account: LinkedAccount, as_alice: Client
) -> None:
    photos = Photo.objects.filter(account=account)
    one, other = photos[0].pk, photos[1].pk
    photos.filter(pk=one).update(raw='{"uid":"a","views":{"view":[1]}}')
    photos.filter(pk=other).update(raw="<photo><title>É</title></photo>")
    assert "&quot;views&quot;: {\n  &quot;view&quot;: [" in page(as_alice, f"/photos/{one}/")
    assert "&lt;title&gt;É&lt;/title&gt;" in page(as_alice, f"/photos/{other}/")
