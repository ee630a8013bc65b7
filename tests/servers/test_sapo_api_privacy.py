"""Who sees and changes what on the SAPO server: hidden and absent are the same to others."""

import pytest
from django.test import Client

from providers.sapo.server.models import Album, Image, Person
from providers.sapo.server.photo_store import update_image
from tests.support.sapo_api import Program, album, person, photo, refusal, uids

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> Program:
    return Program(client, person())


@pytest.fixture
def rui(client: Client) -> Program:
    return Program(client, person("rui"))


@pytest.mark.parametrize("fields", [{"is_pending": True}, {"is_active": False}, {"is_inappropriate": True}])
def test_hidden_photo_is_seen_by_nobody_else(ana: Program, rui: Program, fields: dict[str, bool]) -> None:
    image = photo(ana.owner, album(ana.owner), tags="sol", title="Praia", **fields)
    assert refusal(rui.call("ImageDetails", f"uid={image.uid}")) == "Image not found"
    for operation, query in (
        ("ImageGetListByUser", "username=ana"),
        ("ImageGetListByUserAlbum", "username=ana&id=2"),
        ("ImageGetListByTags", "tag=sol"),
        ("ImageGetListByTags", "tag=sol&username=ana&m18=true"),
        ("ImageGetListBySearch", "string=praia"),
    ):
        answer = rui.call(operation, query)
        assert uids(answer) == []
        assert answer["result"]["total"] == "0"
    assert (
        "tags" not in rui.call("UserGetTags", "username=ana")
        or not rui.call("UserGetTags", "username=ana")["tags"]
    )
    assert ana.call("ImageDetails", f"uid={image.uid}")["image"]["title"] == "Praia"


def test_photo_with_a_password_opens_to_who_has_it(ana: Program, rui: Program) -> None:
    made = ana.post("ImageCreate", {"image": {"title": "Praia", "password": "abre-te"}})
    assert made["image"]["password"] == "abre-te"
    image = Image.objects.get()
    assert "abre-te" not in image.sealed_password
    with update_image(image) as row:
        row.is_pending = False
    assert refusal(rui.call("ImageDetails", f"uid={image.uid}")) == "Image not found"
    assert refusal(rui.call("ImageDetails", f"uid={image.uid}&password=errado")) == "Image not found"
    opened = rui.call("ImageDetails", f"uid={image.uid}&password=abre-te")
    assert opened["image"]["title"] == "Praia"
    assert opened["image"]["password"] is None
    assert ana.call("ImageDetails", f"uid={image.uid}")["image"]["password"] == "abre-te"


def guess(program: Program, image: Image, password: str) -> str:
    return refusal(program.call("ImageDetails", f"uid={image.uid}&password={password}"))


def test_passwords_cannot_be_guessed_by_trying(ana: Program, rui: Program, client: Client) -> None:
    ana.post("ImageCreate", {"image": {"title": "Praia", "password": "abre-te"}})
    with update_image(Image.objects.get()) as image:
        image.is_pending = False
    closed = album(ana.owner, password="fecha-te")
    listed = f"username=ana&id={closed.number}&album.password="
    for number in range(20):
        assert guess(rui, image, str(number)) == "Image not found"
        rui.call("ImageGetListByUserAlbum", listed + str(number))
    assert guess(rui, image, "abre-te") == "Image not found"
    assert "needs its password" in refusal(rui.call("ImageGetListByUserAlbum", listed + "fecha-te"))
    eva = Program(client, person("eva"))
    assert eva.call("ImageDetails", f"uid={image.uid}&password=abre-te")["image"]["title"] == "Praia"
    assert uids(eva.call("ImageGetListByUserAlbum", listed + "fecha-te")) == []


def test_who_knows_the_password_may_use_it_as_often_as_they_like(ana: Program, rui: Program) -> None:
    image = photo(ana.owner, album(ana.owner, password="abre-te"))
    for _page in range(30):
        found = rui.call("ImageGetListByUserAlbum", "username=ana&id=2&album.password=abre-te")
        assert uids(found) == [image.uid]


def test_album_with_a_password_lists_to_who_has_it(ana: Program, rui: Program) -> None:
    image = photo(ana.owner, album(ana.owner, password="abre-te"))
    assert "needs its password" in refusal(rui.call("ImageGetListByUserAlbum", "username=ana&id=2"))
    assert uids(rui.call("ImageGetListByUserAlbum", "username=ana&id=2&album.password=abre-te")) == [
        image.uid
    ]
    assert uids(ana.call("ImageGetListByUserAlbum", "id=2")) == [image.uid]


def test_adult_photos_are_listed_only_when_asked_for(ana: Program, rui: Program) -> None:
    image = photo(ana.owner, tags="sol", is_adult=True)
    assert uids(rui.call("ImageGetListByTags", "tag=sol")) == []
    assert uids(rui.call("ImageGetListByTags", "tag=sol&m18=true")) == [image.uid]
    assert uids(rui.call("ImageGetListByUser", "username=ana")) == []
    assert uids(ana.call("ImageGetListByUser")) == [image.uid]
    Person.objects.filter(username="rui").update(views_all=True)
    assert uids(rui.call("ImageGetListByUser", "username=ana")) == [image.uid]


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_banned": True}])
def test_photos_of_a_closed_account_are_gone_for_others(
    ana: Program, rui: Program, change: dict[str, bool]
) -> None:
    image = photo(ana.owner, tags="sol", title="Praia")
    Person.objects.filter(username="ana").update(**change)
    assert refusal(rui.call("ImageDetails", f"uid={image.uid}")) == "Image not found"
    assert refusal(rui.call("ImageGetListByUser", "username=ana")) == "User not found"
    assert uids(rui.call("ImageGetListByTags", "tag=sol")) == []
    assert rui.call("ImageGetListByTags", "tag=sol")["result"]["total"] == "0"
    assert uids(rui.call("ImageGetListBySearch", "string=praia")) == []


def test_anothers_photo_cannot_be_changed(ana: Program, rui: Program) -> None:
    image = photo(ana.owner, title="Praia")
    own = album(rui.owner)
    assert refusal(rui.call("ImageDelete", f"uid={image.uid}")) == "Image not found"
    assert (
        refusal(rui.call("ImageAddToAlbum", f"imageuid={image.uid}&albumid={own.number}"))
        == "Image not found"
    )
    assert refusal(rui.call("ImageRemoveFromAlbum", f"imageuid={image.uid}&albumid=2")) == "Image not found"
    assert refusal(rui.post("ImageEdit", {"image": {"uid": image.uid, "title": "x"}})) == "Image not found"
    image.refresh_from_db()
    assert image.title == "Praia"
    mine = photo(rui.owner)
    foreign = album(ana.owner, "Só da Ana")
    Album.objects.filter(pk=foreign.pk).update(number=77)
    assert refusal(rui.call("ImageAddToAlbum", f"imageuid={mine.uid}&albumid=77")) == "Album not found"
