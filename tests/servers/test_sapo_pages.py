"""The pages that answers' addresses lead to, seen by somebody who is not signed in."""

import io
import re
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image as Picture
from pytest_django import Settings

from providers.sapo.server.auth.keys import seal
from providers.sapo.server.auth.people import NewAlbum, add_album
from providers.sapo.server.models import (
    Album,
    Collection,
    CollectionAlbum,
    Comment,
    Image,
    ImageAlbum,
    Person,
)
from providers.sapo.server.photo_store import update_image
from tests.support.sapo_media import ana, painted, pending, stored

pytestmark = pytest.mark.django_db
FOTOS = "/services/sapo/fotos"
AVATAR = "/services/sapo/sapofotos/ana/imgs/avatar.jpg"
FEEDS = [
    '<link rel="alternate" type="application/rss+xml" title="RSS" href="/services/sapo/Photos/RSS2?',
    '<link rel="alternate" type="application/json" title="JSON" href="/services/sapo/Photos/JSON?',
]


@pytest.fixture(autouse=True)
def _empty_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def album_with(owner: Person, *images: Image, title: str = "Férias", password: str = "") -> Album:
    album = add_album(owner, NewAlbum(title=title, password=password))
    for image in images:
        with update_image(image) as row:
            ImageAlbum.objects.create(image=row, album=album, created_at=row.created_at)
    album.refresh_from_db()
    return album


def read(client: Client, path: str) -> str:
    answer = client.get(f"{FOTOS}{path}")
    assert answer.status_code == 200, path
    return answer.content.decode()


def closed(owner: Person, password: str) -> Image:
    """A photo behind a password."""
    image = stored(owner, title="Segredo")
    with update_image(image) as row:
        row.sealed_password = seal(password, "image", row.uid)
    return image


def test_a_photo_page_shows_the_photo_and_what_is_known_of_it(client: Client) -> None:
    image = stored(ana(), title="Praia <b>", synopse="Areia", tags="mar,sol")
    Comment.objects.create(image=image, nickname="rui", body="Bonito")
    Comment.objects.create(image=image, nickname="spam", body="Compre", is_approved=False)
    album_with(image.owner, image)
    page = read(client, f"/ana/fotos/?uid={image.uid}")
    for text in ("Praia &lt;b&gt;", "Areia", "/tags/mar", "/tags/sol", "Bonito", "Férias", "160 × 120"):
        assert text in page
    assert "Compre" not in page and "Praia <b>" not in page
    for feed in FEEDS:
        assert f"{feed}u=ana" in page
    [src] = re.findall(r'<img src="(/services/sapo/i/[^"]+)"', page)[:1]
    assert client.get(src).status_code == 200
    assert read(client, f"/ana/fotos/praia/?uid={image.uid}")


def test_opening_a_photo_counts_a_view(client: Client) -> None:
    image = stored(ana())
    for views in (1, 2):
        read(client, f"/ana/fotos/?uid={image.uid}")
        image.refresh_from_db()
        assert image.visualizations == views


@pytest.mark.parametrize("hidden", [{"is_active": False}, {"is_inappropriate": True}, {"is_pending": True}])
def test_a_hidden_photo_has_no_page(client: Client, hidden: dict[str, bool]) -> None:
    image = stored(ana(), title="Escondida")
    with update_image(image) as row:
        for name, value in hidden.items():
            setattr(row, name, value)
    assert client.get(f"{FOTOS}/ana/fotos/?uid={image.uid}").status_code == 404
    for page in ("/", "/ana/fotos", "/ana/perfil"):
        assert "Escondida" not in read(client, page) and image.uid not in read(client, page)


def test_a_pending_photo_has_no_page(client: Client) -> None:
    image = pending(ana())
    assert client.get(f"{FOTOS}/ana/fotos/?uid={image.uid}").status_code == 404


def test_a_photo_is_found_under_its_own_owner_only(client: Client) -> None:
    image = stored(ana())
    assert client.get(f"{FOTOS}/rui/fotos/?uid={image.uid}").status_code == 404


def test_nothing_of_a_banned_person_is_shown(client: Client) -> None:
    image = stored(ana(), tags="sol")
    Person.objects.update(is_banned=True)
    for path in (
        f"/ana/fotos/?uid={image.uid}",
        "/ana/fotos",
        "/ana/perfil",
        "/ana/albuns/",
    ):
        assert client.get(f"{FOTOS}{path}").status_code == 404, path
    assert client.get(AVATAR).status_code == 404
    for path in ("/", "/tags/sol"):
        assert image.uid not in read(client, path)


def test_a_photo_with_a_password_asks_for_it(client: Client) -> None:
    image = closed(ana(), "abre-te")
    url = f"{FOTOS}/ana/fotos/?uid={image.uid}"
    page = client.get(url).content.decode()
    assert 'type="password"' in page and "Segredo" not in page and "/i/" not in page
    wrong = client.post(url, {"password": "errada"})
    assert wrong.status_code == 200 and "That is not the password." in wrong.content.decode()
    right = client.post(url, {"password": "abre-te"})
    assert (right.status_code, right.headers["Location"]) == (302, url)
    assert "Segredo" in client.get(url).content.decode()
    assert "Segredo" not in Client().get(url).content.decode()
    assert "abre-te" not in str(dict(client.session))


def test_a_changed_password_closes_a_photo_again(client: Client) -> None:
    image = closed(ana(), "abre-te")
    url = f"{FOTOS}/ana/fotos/?uid={image.uid}"
    client.post(url, {"password": "abre-te"})
    with update_image(image) as row:
        row.sealed_password = seal("outra", "image", row.uid)
    assert "Segredo" not in client.get(url).content.decode()


def test_a_password_cannot_be_guessed_by_trying(client: Client) -> None:
    image = closed(ana(), "abre-te")
    url = f"{FOTOS}/ana/fotos/?uid={image.uid}"
    for number in range(20):
        client.post(url, {"password": str(number)})
    answer = client.post(url, {"password": "abre-te"})
    assert "Too many tries" in answer.content.decode()


def test_the_password_form_is_guarded_against_other_sites(client: Client) -> None:
    image = closed(ana(), "abre-te")
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"{FOTOS}/ana/fotos/?uid={image.uid}", {"password": "abre-te"})
    assert answer.status_code == 403


def test_an_album_page_shows_its_public_photos(client: Client) -> None:
    owner = ana()
    shown, hidden = stored(owner, title="Vista"), stored(owner, title="Escondida", is_active=False)
    album = album_with(owner, shown, hidden)
    page = read(client, f"/ana/albuns/?aid={album.number}")
    assert "Férias" in page and "Vista" in page and "Escondida" not in page and "1 photo<" in page
    assert "Férias" in read(client, "/ana/albuns/")
    for bad in ("999", "x", "-1", "9" * 30):
        assert client.get(f"{FOTOS}/ana/albuns/?aid={bad}").status_code == 404
    Album.objects.update(is_active=False)
    assert client.get(f"{FOTOS}/ana/albuns/?aid={album.number}").status_code == 404


def test_an_album_with_a_password_asks_for_it_and_hides_its_cover(client: Client) -> None:
    owner = ana()
    album = album_with(owner, stored(owner, title="Vista"), password="sesamo")
    url = f"{FOTOS}/ana/albuns/?aid={album.number}"
    assert "Vista" not in client.get(url).content.decode()
    assert is_plain(client, f"/ana/capa-de-album/{album.number}")
    assert client.post(url, {"password": "sesamo"}).status_code == 302
    assert "Vista" in client.get(url).content.decode()


def is_plain(client: Client, path: str) -> bool:
    """Whether a picture of one colour is answered, which shows nothing of anybody's."""
    answer = client.get(f"{FOTOS}{path}")
    with Picture.open(io.BytesIO(answer.content)) as picture:
        colours = picture.convert("RGB").getcolors(maxcolors=4)
    return bool(answer.status_code == 200 and colours)


def test_a_cover_leads_to_a_picture(client: Client) -> None:
    owner = ana()
    first, second = stored(owner, painted("png")), stored(owner)
    album = album_with(owner, first, second)
    newest = client.get(f"{FOTOS}/ana/capa-de-album/{album.number}")
    assert newest.status_code == 302 and f"/{second.pk}_" in newest.headers["Location"]
    Album.objects.filter(pk=album.pk).update(cover=first)
    chosen = client.get(f"{FOTOS}/ana/capa-de-album/{album.number}")
    assert client.get(chosen.headers["Location"]).headers["Content-Type"] == "image/png"
    with update_image(first) as row:
        row.is_active = False
    hidden = client.get(f"{FOTOS}/ana/capa-de-album/{album.number}")
    assert f"/{second.pk}_" in hidden.headers["Location"]
    assert is_plain(client, "/ana/capa-de-album/1")  # no loose photo is left
    assert client.get(f"{FOTOS}/ana/capa-de-album/99").status_code == 404
    Album.objects.filter(pk=album.pk).update(is_active=False)
    assert client.get(f"{FOTOS}/ana/capa-de-album/{album.number}").status_code == 404


def test_a_collection_shows_its_albums_and_a_cover(client: Client) -> None:
    owner = ana()
    album = album_with(owner, stored(owner))
    collection = Collection.objects.create(owner=owner, title="Viagens")
    CollectionAlbum.objects.create(collection=collection, album=album)
    page = read(client, f"/ana/coleccoes/?cid={collection.pk}")
    assert "Viagens" in page and "Férias" in page
    assert client.get(f"{FOTOS}/ana/capa-de-coleccao/{collection.pk}").status_code == 302
    CollectionAlbum.objects.all().delete()
    assert is_plain(client, f"/ana/capa-de-coleccao/{collection.pk}")
    assert client.get(f"{FOTOS}/ana/coleccoes/?cid=999").status_code == 404


def test_a_profile_shows_a_person_without_their_email(client: Client) -> None:
    owner = ana()
    image = stored(owner, title="Vista", tags="sol")
    album_with(owner, image)
    page = read(client, "/ana/perfil")
    for text in ("ana", "Vista", "Férias", "/tags/sol", "/sapofotos/ana/imgs/avatar.jpg"):
        assert text in page
    assert "ana@sapo.example" not in page


def test_everybody_has_an_avatar(client: Client) -> None:
    ana()
    answer = client.get(AVATAR)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8\xff")


def test_a_tag_page_shows_what_is_tagged(client: Client) -> None:
    owner = ana()
    stored(owner, title="Vista", tags="mar azul"), stored(owner, title="Outra", tags="sol")
    page = read(client, "/tags/mar%20azul")
    assert "Vista" in page and "Outra" not in page
    assert "tag=mar+azul" in page


def test_lists_turn_pages(client: Client) -> None:
    owner = ana()
    first = stored(owner)
    Image.objects.bulk_create(
        Image(
            uid=f"u{n:019}",
            owner=owner,
            is_pending=False,
            audience=3,
            file_name=first.file_name,
            format="jpeg",
        )
        for n in range(60)
    )
    Person.objects.update(safe_count=61)
    page = read(client, "/ana/fotos")
    assert (
        page.count('class="tile"') == 50 and 'rel="next" href="?page=2"' in page and 'rel="prev"' not in page
    )
    page = read(client, "/ana/fotos?page=2")
    assert (
        page.count('class="tile"') == 11 and 'rel="prev" href="?page=1"' in page and 'rel="next"' not in page
    )
    assert read(client, "/ana/fotos?page=99").count('class="tile"') == 0


def test_adult_photos_are_shown_to_who_asks_only(client: Client) -> None:
    image = stored(ana(), title="Nua", is_adult=True)
    assert "Nua" not in read(client, "/ana/fotos") and "Nua" not in read(client, "/")
    page = read(client, f"/ana/fotos/?uid={image.uid}")
    assert "Nua" not in page and "for adults" in page
    [onward] = re.findall(r'href="(\?[^"]+m18=true)"', page)
    assert "Nua" in read(client, f"/ana/fotos/{onward.replace('&amp;', '&')}")


def test_pages_fit_the_sites_content_policy(client: Client) -> None:
    image = stored(ana(), title="Vista")
    for path in ("/", f"/ana/fotos/?uid={image.uid}", "/ana/perfil"):
        page = read(client, path)
        assert " style=" not in page and "<style" not in page and "onclick" not in page
        assert not re.findall(r'<img[^>]+src="https?:', page)
