"""Each answer holds what was recorded of the live service, and beside it only what docs/protocols/sapo.md
(1.4) lists: elements that the later document describes, where there is something to tell.
"""

from typing import Any

import pytest
from django.test import Client

from providers.sapo.server.models import Comment
from tests.support.sapo_api import Program, album, person, photo

pytestmark = pytest.mark.django_db
IMAGE = {
    "active", "creationDate", "innapropriate", "m18", "password", "pending", "subtitle", "synopse", "tags",
    "title", "uid", "url", "views",
}  # fmt: skip
ALBUM = {"active", "cover", "creationDate", "description", "id", "password", "title", "url"}
LATER_OF_IMAGE = {"format", "visualizations", "refColor", "avgColor"}
LATER_OF_USER = {"imageCount", "albumCount"}
LIST_RESULT = {"ok", "page", "perPage", "total", "totalPages"}


@pytest.fixture
def ana(client: Client) -> Program:
    owner = person()
    photo(owner, uid="Ab3dEf6hIj9kLm2nOp5q", title="Praia", tags="mar,sol", ref_colour="0a141e")
    return Program(client, owner)


@pytest.mark.parametrize(
    ("operation", "query", "fields"),
    [
        ("ImageGetListByUser", "", IMAGE),
        ("ImageGetListByUserAlbum", "id=1", IMAGE),
        ("ImageGetListBySearch", "string=praia", IMAGE | {"user"}),
        ("ImageGetListByTags", "tag=sol", IMAGE | {"user"}),
    ],
)
def test_listed_photo_has_the_recorded_fields(
    ana: Program, operation: str, query: str, fields: set[str]
) -> None:
    answer = ana.call(operation, query)
    (image,) = answer["images"]["image"]
    assert set(image) == fields | LATER_OF_IMAGE
    assert set(answer["result"]) == LIST_RESULT
    check_parts(image)


def check_parts(image: dict[str, Any]) -> None:
    for view in image["views"]["view"]:
        assert set(view) == {"size", "requestWidth", "requestHeight", "url"}
    if "user" in image:
        assert set(image["user"]) == {"avatar", "url", "username"}


def test_photo_alone_has_the_recorded_fields(ana: Program) -> None:
    answer = ana.call("ImageDetails", "uid=Ab3dEf6hIj9kLm2nOp5q")
    assert set(answer["image"]) == IMAGE | {"user"} | LATER_OF_IMAGE
    assert answer["result"] == {"ok": "true"}
    check_parts(answer["image"])


def test_albums_and_comments_are_told_where_there_are_any(ana: Program) -> None:
    image = photo(ana.owner, album(ana.owner), ref_colour="0a141e")
    Comment.objects.create(image=image, nickname="rui", body="Bela")
    data = ana.call("ImageDetails", f"uid={image.uid}")["image"]
    assert set(data) == IMAGE | {"user", "albums", "comments"} | LATER_OF_IMAGE


def test_new_photo_has_the_recorded_fields_and_no_pictures_yet(ana: Program) -> None:
    made = ana.post("ImageCreate", {"image": {"title": "Praia"}})
    assert set(made) == {"token", "image", "result"}
    assert set(made["image"]) == IMAGE - {"views"} | {"user", "rating", "visualizations"}


def test_albums_have_the_recorded_fields(ana: Program) -> None:
    made = ana.post("AlbumCreate", {"album": {"title": "Ferias"}})
    assert set(made["album"]) == ALBUM | {"ownerId", "user"}
    listed = ana.call("AlbumGetListByUser")
    assert all(set(each) == ALBUM for each in listed["albums"]["album"])
    assert set(listed["result"]) == LIST_RESULT


def test_account_has_the_recorded_fields(ana: Program) -> None:
    recorded = {"active", "avatar", "banned", "creationDate", "lastLogin", "url", "username"}
    assert set(ana.call("UserDetails")["user"]) == recorded | LATER_OF_USER
