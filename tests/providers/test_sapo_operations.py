"""Each of the 22 operations: the request byte for byte, and all that its answer says, in every format."""

from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from providers.sapo.client import SapoClient
from providers.sapo.protocol import PHOTOS_NS, Order
from providers.sapo.protocol_tables import OPERATIONS
from providers.xml import Element, children, parse
from tests.providers.sapo_replay import BINDINGS, SPECIMENS, answer_of, client_at, request_of, serialized
from tests.support.replay_server import ReplayServer, http

UID = "Ab3dEf6hIj9kLm2nOp5q"
SCHEMA = etree.XMLSchema(etree.parse("providers/sapo/photos.xsd"))

Call = Callable[[SapoClient], Any]
Says = Callable[[Any], Any]
CASES: dict[str, tuple[Call, Says, Any]] = {
    "AlbumCreate": (
        lambda client: client.album_create("Férias & sol", description="Um verão"),
        lambda album: (album.id, album.title, album.active, album.cover, album.user.username),
        ("4", "Ferias", True, "http://fotos.sapo.pt/ana/capa-de-album/4", "ana"),
    ),
    "AlbumGetListByCollection": (
        lambda client: client.album_get_list_by_collection("7"),
        lambda page: ([album.id for album in page.items], page.total),
        (["5"], 1),
    ),
    "AlbumGetListByHighlighted": (
        lambda client: client.album_get_list_by_highlighted(
            page=2, order=Order.RELEVANCE, interface="fotos.sapo.pt"
        ),
        lambda page: [album.title for album in page.items],
        ["Ferias"],
    ),
    "AlbumGetListByUser": (
        lambda client: client.album_get_list_by_user(),
        lambda page: ([album.title for album in page.items], page.page_count, page.total),
        (["Ao Molho", "Ferias"], 1, 2),
    ),
    "CollectionGetListByUser": (
        lambda client: client.collection_get_list_by_user("ana"),
        lambda page: [(one.id, one.title, one.code, one.active) for one in page.items],
        [("7", "Viagens", "c1", True)],
    ),
    "DummyEcho": (lambda client: client.dummy_echo("olá a&b"), str, "2012-10-21 18:02:07 ola"),
    "ImageAddToAlbum": (lambda client: client.image_add_to_album(UID, ["2", "3"]), bool, False),
    "ImageCreate": (
        lambda client: client.image_create(
            title="Praia", synopse="Um dia", tags=["mar", "alto mar"], interface="fotos.sapo.pt"
        ),
        lambda created: (created.token, created.image.uid, created.image.pending, created.image.tags),
        ("UPLOAD-TOKEN", UID, True, ("mar", "sol")),
    ),
    "ImageDelete": (lambda client: client.image_delete(UID), bool, False),
    "ImageDetails": (
        lambda client: client.image_details(UID),
        lambda image: (
            image.uid,
            image.pending,
            [view.request_width for view in image.views],
            image.album_ids,
        ),
        (UID, False, [1024, 580], None),
    ),
    "ImageEdit": (
        lambda client: client.image_edit(
            UID, title="Praia 2", synopse="", tags=["mar"], m18=False, active=True, password=""
        ),
        lambda image: image.title,
        "Praia 2",
    ),
    "ImageGetListBySearch": (
        lambda client: client.image_get_list_by_search(
            ["mar", "sol"], date_from="2012-09-01", date_to="2012-09-30"
        ),
        lambda page: (len(page.items), page.total, page.page_count),
        (1, 37, 1),
    ),
    "ImageGetListByTags": (
        lambda client: client.image_get_list_by_tags(
            ["sol", "alto mar"], order=Order.NEWEST, m18=True, username="ana"
        ),
        lambda page: page.items[0].title,
        "Pôr do sol <3",
    ),
    "ImageGetListByUser": (
        lambda client: client.image_get_list_by_user("ana"),
        lambda page: ([image.album_ids for image in page.items], page.page_count, page.total),
        ([("4",), ("4", "5")], 2, 51),
    ),
    "ImageGetListByUserAlbum": (
        lambda client: client.image_get_list_by_user_album("2", "ana", order=Order.ALPHABETICAL_REVERSED),
        lambda page: [image.user for image in page.items],
        [None],
    ),
    "ImageNotifyView": (lambda client: client.image_notify_view(UID), bool, False),
    "ImageRemoveFromAlbum": (lambda client: client.image_remove_from_album(UID, ["2"]), bool, False),
    "TagsGetListByHighlighted": (lambda client: client.tags_get_list_by_highlighted(), list, ["sol"]),
    "UserCreate": (
        lambda client: client.user_create(email="rui@sapo.pt", username="rui"),
        lambda user: (user.username, user.email, user.url),
        ("rui", "rui@sapo.pt", "http://fotos.sapo.pt/rui/perfil"),
    ),
    "UserDetails": (
        lambda client: client.user_details(),
        lambda user: (user.username, user.banned, user.last_login, user.image_count, user.album_count),
        ("ana", False, "2012-10-21 18:02:07", 51, 2),
    ),
    "UserGetListByHighlighted": (
        lambda client: client.user_get_list_by_highlighted(),
        lambda page: [user.username for user in page.items],
        ["ana"],
    ),
    "UserGetTags": (lambda client: client.user_get_tags("ana"), list, ["mar", "alto mar"]),
}


def test_every_operation_has_its_case() -> None:
    assert set(CASES) == set(OPERATIONS)


@pytest.mark.parametrize("binding", BINDINGS)
@pytest.mark.parametrize("operation", CASES)
def test_operation_is_asked_and_read_as_recorded(operation: str, binding: str) -> None:
    call, says, expected = CASES[operation]
    with ReplayServer() as server:
        server.queue(http(*_answer(operation, binding)))
        result = call(client_at(server.url, binding))
        (request,) = server.requests
    assert serialized(request, binding) == request_of(operation, binding)
    assert says(result) == expected


@pytest.mark.parametrize("operation", CASES)
def test_soap_request_has_address_action_and_a_valid_body(operation: str) -> None:
    with ReplayServer() as server:
        server.queue(http(*_answer(operation, "soap")))
        CASES[operation][0](client_at(server.url, "soap"))
        (request,) = server.requests
    assert (request.method, request.target) == ("POST", "/Photos")
    assert request.header("SOAPAction") == f'"{PHOTOS_NS}/{operation}"'
    assert request.header("Content-Type") == "text/xml; charset=utf-8"
    SCHEMA.assertValid(_message(request.body))


@pytest.mark.parametrize("folder", ["rest", "soap"])
@pytest.mark.parametrize("operation", CASES)
def test_recorded_answer_is_valid(operation: str, folder: str) -> None:
    body = (SPECIMENS / folder / f"{operation}.answer.xml").read_bytes()
    SCHEMA.assertValid(parse(body) if folder == "rest" else _message(body))


@pytest.mark.parametrize("binding", BINDINGS)
def test_every_attribute_of_an_image_is_read(binding: str) -> None:
    with ReplayServer() as server:
        server.queue(http(*_answer("ImageGetListByTags", binding)))
        (image,) = client_at(server.url, binding).image_get_list_by_tags(["sol"]).items
    assert (image.uid, image.title, image.subtitle) == (
        "Zz9yXx8wVv7uTt6sRr5q",
        "Pôr do sol <3",
        "Ao fim do dia",
    )
    assert (image.synopse, image.password, image.rating) == ("Duas linhas & um sinal", "segredo", "4.5")
    assert (image.active, image.pending, image.m18, image.innapropriate) == (False, False, True, True)
    assert (image.creation_date, image.format, image.email_from) == (
        "2012-01-15 09:08:07",
        "jpeg",
        "ana@sapo.pt",
    )
    assert image.tags == ("mar", "alto mar") and image.visualizations == 12
    assert [(one.nickname, one.website, one.body) for one in image.comments] == [
        ("rui", "http://rui.example.org", "Bonita"),
        ("eva", "", "Sim"),
    ]
    assert (image.ref_color, image.avg_color) == ((200, 100, 50), (1, 2, 3))
    assert image.album_ids == ("4", "5") and image.user and image.user.username == "ana"
    (view,) = image.views
    assert (view.actual_width, view.request_height, view.size) == (4000, 3000, "original")
    assert '"emailFrom":"ana@sapo.pt"' in image.raw


def _answer(operation: str, binding: str) -> tuple[bytes, int, str]:
    body, media_type = answer_of(operation, binding)
    return body, 200, media_type


def _message(envelope: bytes) -> Element:
    """What stands in the body of a SOAP envelope."""
    (message,) = next(children(parse(envelope), "Body"))
    return message
