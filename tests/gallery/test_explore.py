"""Looking beyond one's own gallery, against the built-in SAPO server over HTTP."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import resolve, reverse

from gallery.accounts.models import LinkedAccount
from gallery.explore import page_urls
from gallery.library.models import Photo
from providers.sapo.server.models import Album, Comment, Highlight
from providers.sapo.server.photo_store import update_image
from tests.support.linking import link as link_elsewhere
from tests.support.sapo_api import album, photo
from tests.support.sapo_cast import HTMX, TILE, LinkedSapo, many
from tests.support.sapo_media import painted, stored
from tests.support.sapo_site import link, lose_key, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
SOURCE = re.compile(r'src="([^"]+)"')


def test_home_comes_at_once_and_asks_afterwards(world: LinkedSapo) -> None:
    Highlight.objects.create(album=Album.objects.get(title="Costa Nova"))
    Highlight.objects.create(person=world.marta)
    Highlight.objects.create(tag="alto mar")
    page = world.get(reverse("explore:home"))
    assert "Costa Nova" not in page and f"?ask={world.group}" in page
    part = world.part(reverse("explore:home"), world.group)
    assert "<html" not in part
    assert page_urls.album_url(world.account.pk, "marta", "2") in part
    assert world.person_url() in part and world.tag_url("alto mar") in part
    assert "Costa Nova" in world.get(reverse("explore:home"))  # known now


def test_home_without_script_is_one_address_away(world: LinkedSapo) -> None:
    Highlight.objects.create(person=world.marta)
    page = world.get(reverse("explore:home"))
    assert '<noscript><p><a class="btn btn--line" href="/explore/?ask=all">' in page
    page = world.get("/explore/?ask=all")
    assert "<html" in page and world.person_url() in page


def test_service_that_puts_nothing_forward_says_so(world: LinkedSapo) -> None:
    assert "has nothing to show" in world.part(reverse("explore:home"), world.group)


def test_explore_without_an_able_account_says_what_is_needed(carol: User) -> None:
    for name in ("home", "search"):
        page = signed_in(carol).get(reverse(f"explore:{name}")).content.decode()
        assert "Nothing to explore yet." in page and reverse("accounts:new") in page
    link_elsewhere(carol)
    assert "Nothing to explore yet." in signed_in(carol).get(reverse("explore:home")).content.decode()


def test_person_page_tells_details_albums_photos_and_tags(world: LinkedSapo) -> None:
    address = world.person_url()
    shell = world.get(address)
    assert "marta" in shell and "1 photo" not in shell
    about = world.part(address, "about")
    assert "1 photo, 2 albums" in about and world.tag_url("alto mar") in about
    assert "/services/sapo/" in about and "See it on SAPO Fotos" in about
    assert "Costa Nova" in world.part(address, "albums")
    assert page_urls.photo_url(world.account.pk, world.hers.uid) in world.part(address, "photos")
    whole = world.get(f"{address}?ask=all")
    assert "Costa Nova" in whole and "1 photo, 2 albums" in whole


def test_unknown_person_is_told_in_words(world: LinkedSapo) -> None:
    assert "has nothing here" in world.part(world.person_url("nobody"), "about")


def test_what_the_service_does_not_know_is_told_once_and_not_found(world: LinkedSapo) -> None:
    nobody = world.person_url("nobody")
    for address in (
        nobody,
        f"{nobody}?page=2",
        f"{nobody}albums/",
        page_urls.album_url(world.account.pk, "marta", "999"),
        page_urls.photo_url(world.account.pk, "nothing"),
    ):
        answer = world.client.get(f"{address}{'&' if '?' in address else '?'}ask=all")
        assert answer.status_code == 404, address
        page = answer.content.decode()
        assert page.count("has nothing here") == 1 and "hx-get" not in page, address


def test_lists_go_on_page_by_page(world: LinkedSapo) -> None:
    many(world.marta, 54)
    address = world.person_url()
    first = world.part(address, "photos")
    assert len(TILE.findall(first)) == 50 and "55 photos" in first
    assert f'href="{address}?page=2"' in first
    more = world.get(f"{address}?page=2", **HTMX)
    assert len(TILE.findall(more)) == 5 and "<section" not in more and "page=3" not in more
    assert not set(TILE.findall(first)) & set(TILE.findall(more))
    answer = world.client.get(f"{address}?page=2")
    assert "HX-Request" in answer["Vary"]  # going back must not find the part that htmx asked for
    whole = world.get(f"{address}?page=2&ask=all")
    assert "<html" in whole and TILE.findall(whole) == TILE.findall(more)


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "1000000000", "٣"])
def test_odd_page_numbers_are_no_harm(world: LinkedSapo, page: str) -> None:
    assert world.client.get(world.person_url(), {"page": page, "ask": "all"}).status_code == 200


def test_album_of_a_person_shows_title_and_photos(world: LinkedSapo) -> None:
    address = page_urls.album_url(world.account.pk, "marta", "2")
    page = world.get(f"{address}?ask=all")
    assert "Costa Nova" in page and world.person_url() in page
    assert TILE.findall(page) == [page_urls.photo_url(world.account.pk, world.hers.uid)]
    assert "Costa Nova" in world.get(f"{world.person_url()}albums/?ask=all")


def test_closed_album_says_that_it_may_need_a_password(world: LinkedSapo) -> None:
    closed = album(world.marta, "Segredo", password="abre")
    address = page_urls.album_url(world.account.pk, "marta", str(closed.number))
    assert "It may need a password." in world.part(address, "photos")
    world.account.refresh_from_db()
    assert world.account.state == LinkedAccount.State.OK


def test_tag_is_followed_across_the_service(world: LinkedSapo) -> None:
    part = world.part(world.tag_url("praia"), "photos")
    assert "2 photos" in part
    own = Photo.objects.get()
    assert set(TILE.findall(part)) == {
        page_urls.photo_url(world.account.pk, world.hers.uid),
        reverse("library:photo", args=[own.pk]),
    }
    assert "Riscas" in world.part(world.tag_url("alto mar"), "photos")


def test_tag_page_orders_and_shows_adult_photos_when_asked(world: LinkedSapo) -> None:
    photo(world.marta, title="Adulta", tags="praia", is_adult=True)
    photo(world.marta, title="Antiga", tags="praia", created_at=datetime(2001, 1, 1, tzinfo=UTC))
    address = world.tag_url("praia")
    assert "Adulta" not in world.part(address, "photos")
    assert "Adulta" in world.part(f"{address}?adult=1", "photos")
    oldest = world.part(f"{address}?order=oldest", "photos")
    newest = world.part(f"{address}?order=newest", "photos")
    assert oldest.index("Antiga") < oldest.index("Riscas")
    assert newest.index("Riscas") < newest.index("Antiga")
    assert "Antiga" in world.part(f"{address}?order=sideways", "photos")


def test_photo_of_somebody_else_has_a_page_here(world: LinkedSapo) -> None:
    address = page_urls.photo_url(world.account.pk, world.hers.uid)
    assert "Riscas" not in world.get(address)
    part = world.part(address, "photo")
    assert "Riscas" in part and "Casas &lt;ao&gt; sol" in part and "marta" in part
    assert world.person_url() in part and world.tag_url("alto mar") in part
    assert "See it on SAPO Fotos" in part and 'rel="noreferrer"' in part
    assert "r-132 " in part and " c-" in part  # size and colour are known before the picture
    assert "Riscas" in world.get(address)


def test_photo_opened_from_a_list_is_there_at_once(world: LinkedSapo) -> None:
    (address,) = TILE.findall(world.part(world.person_url(), "photos"))
    assert "Riscas" in world.get(address)


def test_comments_of_a_photo_that_was_opened_from_a_list_are_asked_for_by_themselves(
    world: LinkedSapo,
) -> None:
    Comment.objects.create(image=world.hers, nickname="rita", body="Que luz.")
    world.part(world.person_url(), "photos")
    address = page_urls.photo_url(world.account.pk, world.hers.uid)
    page = world.get(address)
    assert "Que luz." not in page and f'hx-get="{address}?ask=comments"' in page
    assert "Que luz." in world.part(address, "comments")
    assert "Que luz." in world.get(address)


def test_comments_come_with_a_photo_that_was_asked_for_alone(world: LinkedSapo) -> None:
    Comment.objects.create(image=world.hers, nickname="rita", body="Que luz.")
    address = page_urls.photo_url(world.account.pk, world.hers.uid)
    assert "Que luz." in world.part(address, "photo")


def test_own_photo_leads_to_the_gallery(world: LinkedSapo) -> None:
    own = Photo.objects.get()
    answer = world.client.get(page_urls.photo_url(world.account.pk, own.remote_id))
    assert answer["Location"] == reverse("library:photo", args=[own.pk])


def test_pictures_come_through_the_picture_proxy_and_for_the_asker_alone(
    world: LinkedSapo, carol: User
) -> None:
    viewed = stored(world.marta, painted(), title="Vista")
    Highlight.objects.create(album=Album.objects.get(title="Costa Nova"))
    Highlight.objects.create(person=world.marta)
    pages = [
        world.part(reverse("explore:home"), world.group),
        world.part(world.person_url(), "photos"),
        world.part(page_urls.photo_url(world.account.pk, viewed.uid), "photo"),
    ]
    sources = [source for page in pages for source in SOURCE.findall(page)]
    assert len(sources) >= 4
    assert all(source.startswith("/pictures/found/") for source in sources)
    picture = SOURCE.findall(pages[2])[0]
    answer = world.client.get(picture)
    assert answer["Content-Type"] == "image/jpeg" and "immutable" in answer["Cache-Control"]
    assert signed_in(carol).get(picture).status_code == 404


def test_what_one_person_may_see_is_not_shown_to_another(world: LinkedSapo, bob: User, carol: User) -> None:
    hidden = photo(world.ana, title="So minha", is_active=False)
    assert "So minha" in world.part(world.person_url("ana"), "photos")
    account = link(bob, world.marta)
    his = LinkedSapo(account, signed_in(bob), world.ana, world.marta, hidden)
    found = his.part(his.person_url("ana"), "photos")
    assert "Minha praia" in found and "So minha" not in found
    assert "has nothing here" in his.part(page_urls.photo_url(account.pk, hidden.uid), "photo")
    addresses_of_alice = [
        world.person_url(),
        f"{world.person_url()}albums/",
        page_urls.album_url(world.account.pk, "marta", "2"),
        world.tag_url("praia"),
        page_urls.photo_url(world.account.pk, world.hers.uid),
    ]
    for address in addresses_of_alice:
        for query in ("", "?ask=all", "?ask=photos", "?page=2"):
            for user in (bob, carol):
                assert signed_in(user).get(address + query, headers=HTMX).status_code == 404
        assert Client().get(address).status_code == 302
    chosen = signed_in(carol).get(f"{reverse('explore:search')}?words=mar&account={world.account.pk}")
    assert "Nothing to explore yet." in chosen.content.decode()


def test_key_that_is_no_longer_good_asks_to_connect_again(world: LinkedSapo) -> None:
    lose_key(world.account)
    part = world.part(world.tag_url("praia"), "photos")
    assert "no longer accepts the key for ana" in part and reverse("accounts:list") in part
    world.account.refresh_from_db()
    assert world.account.state == LinkedAccount.State.RECONNECT
    assert "no longer accepts the key" in world.get(world.tag_url("mar"))  # said without asking


@pytest.mark.parametrize(
    "name", ["a/b", "a b", "ção", "..", "a?b#c", "a\nb", "x" * 2000, "%00", "\x00", "<u>"]
)
def test_names_may_hold_anything(world: LinkedSapo, name: str) -> None:
    for address in (
        page_urls.person_url(world.account.pk, name),
        page_urls.album_url(world.account.pk, name, name),
        page_urls.tag_url(world.account.pk, name),
        page_urls.photo_url(world.account.pk, name),
    ):
        answer = world.client.get(f"{address}?ask=all")
        assert answer.status_code in (200, 404), address
        assert b"<u>" not in answer.content


def test_addresses_are_those_that_the_site_resolves() -> None:
    for address, name, keywords in [
        (page_urls.person_url(5, "marta"), "person", {"username": "marta"}),
        (page_urls.album_url(5, "marta", "12"), "album", {"username": "marta", "album_id": "12"}),
        (page_urls.tag_url(5, "alto mar"), "tag", {"name": "alto%20mar"}),
        (page_urls.photo_url(5, "u1"), "photo", {"remote_id": "u1"}),
    ]:
        match = resolve(address)
        assert (match.view_name, match.kwargs) == (f"explore:{name}", {"pk": 5, **keywords})
    assert page_urls.person_url(5, "") == page_urls.tag_url(5, " ") == page_urls.photo_url(5, "") == ""


def test_answers_are_cached_for_a_moment(world: LinkedSapo) -> None:
    assert "Riscas" in world.part(world.person_url(), "photos")
    with update_image(world.hers) as row:
        row.title = "Outro nome"
    assert "Riscas" in world.part(world.person_url(), "photos")
    later = datetime.now(UTC) + timedelta(hours=1)
    photo(world.marta, title="Nova", created_at=later)
    assert "Nova" not in world.part(world.person_url(), "photos")
