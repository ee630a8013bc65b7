"""Which photo an upload to Orange became: its answer does not say, the listing afterwards does."""

from collections.abc import Iterator

import pytest

from providers.contract.entities import Draft, Ticket
from providers.orange.photos import OrangePhotos, plain_filename
from tests.providers.orange_subject import OrangeSubject
from tests.support.replay_server import ReplayServer, http


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as replay:
        yield replay


@pytest.fixture
def photos(server: ReplayServer, request: pytest.FixtureRequest) -> OrangePhotos:
    return OrangeSubject(request).at(server.url)


def _listed(*rows: tuple[str, str, str, int]) -> bytes:
    nodes = "".join(
        f'<mediaObject cypheredId="{cid}"><title>{title}</title><filename>{name}</filename>'
        f"<filesize>{size}</filesize></mediaObject>"
        for cid, title, name, size in rows
    )
    return http(f'<action code="3204"><mediaObjects>{nodes}</mediaObjects></action>'.encode())


def _confirm(server: ReplayServer, photos: OrangePhotos, known: str, answer: bytes) -> str | None:
    server.queue(answer)
    data = {"album_id": "a", "known": known, "filename": "soir.jpg", "title": "Soir", "byte_size": "500"}
    found = photos.confirm_upload(Ticket(data=data))
    return found.remote_id if found else None


@pytest.mark.parametrize(
    ("rows", "known", "found"),
    [
        ([], "", None),
        ([("n", "Soir", "soir.jpg", 500)], "", "n"),
        ([("o", "Soir", "soir.jpg", 500)], "o", None),
        ([("o", "Soir", "soir.jpg", 500), ("n", "Soir", "soir.jpg", 500)], "o x", "n"),
        ([("n", "Soir", "soir.jpg", 501)], "", None),
        ([("n", "other", "soir.jpg", 500)], "", "n"),
        ([("n", "Soir", "soir.jpeg", 500)], "", "n"),  # a service may rename files (reading 13)
        ([("n", "other", "other.jpg", 500)], "", None),
        ([("m", "Soir", "x.jpg", 500), ("n", "y", "soir.jpg", 500)], "", "n"),
    ],
)
def test_new_photo_is_known_by_size_and_name(
    server: ReplayServer,
    photos: OrangePhotos,
    rows: list[tuple[str, str, str, int]],
    known: str,
    found: str | None,
) -> None:
    assert _confirm(server, photos, known, _listed(*rows)) == found


def test_inbox_is_used_by_name_where_it_is_known(server: ReplayServer, photos: OrangePhotos) -> None:
    albums = (
        b'<action code="3201"><albums><album cypheredId="i"><title>Inbox</title></album></albums></action>'
    )
    server.queue(http(albums), _listed(("o", "x", "soir.jpg", 500), ("p", "x", "soir.jpg", 7)))
    ticket = photos.begin_upload(Draft(filename="soir.jpg", media_type="image/jpeg", byte_size=500), "")
    assert (ticket.data["album_id"], ticket.data["known"]) == ("i", "o")


def test_everything_is_searched_where_no_inbox_is_known(server: ReplayServer, photos: OrangePhotos) -> None:
    albums = http(
        b'<action code="3201"><albums><album cypheredId="a"><title>A</title><mediaObjects count="1"/></album>'
        b'<album cypheredId="b"><title>B</title><mediaObjects count="0"/></album></albums></action>'
    )
    server.queue(albums, albums, _listed(("o", "x", "soir.jpg", 500)))
    ticket = photos.begin_upload(Draft(filename="soir.jpg", media_type="image/jpeg", byte_size=500), "")
    assert (ticket.data["album_id"], ticket.data["known"]) == ("", "o")
    server.queue(albums, _listed(("o", "x", "soir.jpg", 500), ("n", "x", "soir.jpg", 500)))
    found = photos.confirm_upload(ticket)
    assert found and found.remote_id == "n"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("soir.jpg", "soir.jpg"),
        ("été 🏖.jpg", "été 🏖.jpg"),
        ("../../a.jpg", "a.jpg"),
        ("C:\\photos\\a.jpg", "a.jpg"),
        ('a "b".jpg', "a 'b'.jpg"),
        ("a\r\nb\x00.jpg", "a b .jpg"),
        ("  ", "photo"),
        ("", "photo"),
        ("x" * 400 + ".jpg", "x" * 196 + ".jpg"),
    ],
)
def test_filename_is_sent_so_that_it_comes_back_unchanged(name: str, plain: str) -> None:
    assert plain_filename(name) == plain


def test_long_list_is_read_while_it_comes(server: ReplayServer, photos: OrangePhotos) -> None:
    rows = [(f"{number:016x}", f"Photo {number}", "a.jpeg", number) for number in range(500)]
    server.queue(_listed(*rows))
    listed = photos.photos("a")
    assert next(listed).title == "Photo 0"
    assert len(list(listed)) == 499
