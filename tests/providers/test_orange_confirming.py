"""Which photo an upload to Orange became: its answer does not say, the listing afterwards does."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from providers.contract.entities import Draft, Ticket
from providers.orange.photos import OrangePhotos, plain_filename
from tests.providers.orange_subject import OrangeSubject
from tests.support.painting import picture
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


# --- A service that names the new photo in its answer ---

_SENT = {"album_id": "a", "known": "o", "filename": "soir.jpg", "title": "Soir", "byte_size": "500"}


def _one(cid: str, size: int) -> bytes:
    return http(
        f'<action code="3205"><mediaObject cypheredId="{cid}"><title>Soir</title>'
        f"<filename>soir.jpg</filename><filesize>{size}</filesize></mediaObject></action>".encode()
    )


@pytest.mark.parametrize(
    ("after_albums", "named"),
    [
        ('<mediaObject id="7" cypheredId="n"/>', "n"),
        ("", ""),
        ('<mediaObject id="7"/>', ""),
        ('<mediaObject cypheredId="../n"/>', ""),
        ('<mediaObject cypheredId="n"/><mediaObject cypheredId="m"/>', ""),
    ],
)
def test_photo_that_the_answer_names_is_told(
    server: ReplayServer, photos: OrangePhotos, after_albums: str, named: str
) -> None:
    server.queue(http(f'<action code="3201"><albums count="0"/>{after_albums}</action>'.encode()))
    draft = Draft(filename="soir.jpg", media_type="image/jpeg", byte_size=1)
    assert photos.send_upload(Ticket(data=_SENT), draft, io.BytesIO(b"x")) == named


def test_named_photo_is_confirmed_by_asking_for_it_alone(server: ReplayServer, photos: OrangePhotos) -> None:
    server.queue(_one("n", 500))
    found = photos.confirm_upload(Ticket(data=_SENT).with_photo("n"))
    assert found and (found.remote_id, found.album_ids) == ("n", ("a",))
    assert [request.query["action"] for request in server.requests] == [["GetMediaObj"]]


@pytest.mark.parametrize("wrong", ["another_size", "gone", "known_before"])
def test_listing_decides_where_the_named_photo_is_not_ours(
    server: ReplayServer, photos: OrangePhotos, wrong: str
) -> None:
    gone = http(b'<action code="200"><error-code>9004</error-code><error-msg>unknown</error-msg></action>')
    responses = {"another_size": [_one("x", 7)], "gone": [gone], "known_before": []}[wrong]
    server.queue(*responses, _listed(("o", "Soir", "soir.jpg", 500), ("n", "Soir", "soir.jpg", 500)))
    found = photos.confirm_upload(Ticket(data=_SENT).with_photo("o" if wrong == "known_before" else "x"))
    assert found and found.remote_id == "n"


@pytest.mark.django_db
def test_our_server_names_the_photo_where_it_is_told_to(
    live_server: object, settings: Settings, request: pytest.FixtureRequest
) -> None:
    settings.ORANGE_NAMES_NEW_PHOTO = True
    service = OrangeSubject(request).account()
    content = picture()
    draft = Draft(filename="soir.jpg", media_type="image/jpeg", byte_size=len(content))
    ticket = service.begin_upload(draft, "")
    photo_id = service.send_upload(ticket, draft, io.BytesIO(content))
    found = service.confirm_upload(ticket.with_photo(photo_id))
    assert photo_id and found and found.remote_id == photo_id


@pytest.mark.parametrize(
    ("date_text", "moment"),
    [
        ("-2524521600000", datetime(1890, 1, 1, tzinfo=UTC)),
        ("-1", datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("--1", None),
        ("-", None),
        ("1-1", None),
    ],
)
def test_date_before_1970_is_read(
    server: ReplayServer, photos: OrangePhotos, date_text: str, moment: datetime | None
) -> None:
    date = f"<creationDate>{date_text}</creationDate>"
    body = f'<action code="3205"><mediaObject cypheredId="n">{date}</mediaObject></action>'
    server.queue(http(body.encode()))
    assert photos.photo("n").created_at == moment
