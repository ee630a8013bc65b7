"""The Orange client alone: what it sends, byte for byte, and what it makes of literal answers.

The answers are specimens (tests/specimens/orange); no code of our server takes part.
"""

import base64
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from providers.client.http import Http
from providers.contract.entities import Draft, Photo, Ticket
from providers.contract.errors import ConsentNeeded, OutcomeUnknown, ProtocolError, ReconnectNeeded, Refused
from providers.orange.client import OrangeClient
from providers.orange.photos import OrangePhotos
from providers.orange.protocol import Action, ErrorCode, Parameter
from tests.providers.orange_subject import SERVICE, TOKEN, OrangeSubject
from tests.support.replay_server import ReceivedRequest, ReplayServer, http

SPECIMENS = Path(__file__).parent.parent / "specimens" / "orange"
# Every character that is not a letter, a digit or one of -._~ is escaped.
ESCAPED = "B64AAEC%2BwQF%2FBgc%3D%7CMCO%3DOFR%7Csau%3D%7Cted%3D1795298421%7CfhZMd%2FFzr%2BTp%3D"


def specimen(name: str) -> bytes:
    return (SPECIMENS / f"{name}.xml").read_bytes()


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as replay:
        yield replay


@pytest.fixture
def photos(server: ReplayServer, request: pytest.FixtureRequest) -> OrangePhotos:
    return OrangeSubject(request).at(server.url)


@pytest.fixture
def client(server: ReplayServer) -> OrangeClient:
    limits_of_a_test = Http("orange", ["127.0.0.1"], allow_private=True)
    return OrangeClient(limits_of_a_test, f"{server.url}/PersonalPhotos/V1", SERVICE, TOKEN)


def only(server: ReplayServer) -> ReceivedRequest:
    (request,) = server.requests
    return request


# --- What goes out --------------------------------------------------------------------------


CALLS: dict[str, tuple[Callable[[OrangeClient], object], str, str]] = {
    "albums": (lambda c: list(c.get_albums_list()), "documented_albums", "action=GetAlbumsList"),
    "create": (
        lambda c: c.create_album("Bretagne 2026"),
        "documented_created",
        "action=CreateAlbum&TIT=Bretagne%202026",
    ),
    "create_odd": (
        lambda c: c.create_album("a+b&c=d/é"),
        "documented_created",
        "action=CreateAlbum&TIT=a%2Bb%26c%3Dd%2F%C3%A9",
    ),
    "album": (
        lambda c: c.get_album("ny1qpf7uv545"),
        "documented_album",
        "action=GetAlbum&Album=ny1qpf7uv545",
    ),
    "media_objects": (
        lambda c: list(c.get_media_objs_list("ny1qpf7uv545")),
        "documented_media_objects",
        "action=GetMediaObjsList&Album=ny1qpf7uv545",
    ),
    "media_object": (
        lambda c: c.get_media_obj("c0f8aae730f9552e"),
        "documented_media_object",
        "action=GetMediaObj&MOB=c0f8aae730f9552e",
    ),
}


@pytest.mark.parametrize(("ask", "answer", "query"), CALLS.values(), ids=CALLS)
def test_call_is_the_documented_address(
    server: ReplayServer,
    client: OrangeClient,
    ask: Callable[[OrangeClient], object],
    answer: str,
    query: str,
) -> None:
    server.queue(http(specimen(answer)))
    ask(client)
    request = only(server)
    assert request.method == "GET"
    assert request.target == f"/PersonalPhotos/V1?{query}&token={ESCAPED}"
    credentials = base64.b64encode(":".join(SERVICE).encode()).decode()
    assert request.header("authorization") == f"Basic {credentials}"
    assert request.header("accept") == "text/xml"


def test_upload_is_the_documented_form(server: ReplayServer, photos: OrangePhotos) -> None:
    server.queue(http(specimen("documented_albums")))
    content = b"\xff\xd8\xff\r\n--bytes\r\n"
    draft = Draft(filename="soir.jpg", media_type="image/jpeg", byte_size=len(content), title="Phare & mer")
    data = {"album_id": "9k2c4hq7tz0ab", "title": "Phare & mer", "filename": "soir.jpg"}
    photos.send_upload(Ticket(data=data), draft, io.BytesIO(content))
    request = only(server)
    assert (request.method, request.target) == ("POST", "/PersonalPhotos/V1")
    kind, _, boundary = request.header("content-type").partition("; boundary=")
    assert kind == "multipart/form-data"
    expected = ""
    for name, value in (
        ("action", "AddMediaObj"),
        ("Album", "9k2c4hq7tz0ab"),
        ("F_title", "Phare & mer"),
        ("token", TOKEN),
    ):
        expected += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
    expected += f'--{boundary}\r\nContent-Disposition: form-data; name="F"; filename="soir.jpg"\r\n'
    expected += "Content-Type: image/jpeg\r\n\r\n"
    assert request.body == expected.encode() + content + f"\r\n--{boundary}--\r\n".encode()


def test_upload_to_the_inbox_names_no_album(server: ReplayServer, photos: OrangePhotos) -> None:
    server.queue(http(specimen("documented_albums")))
    draft = Draft(filename="a.jpg", media_type="image/jpeg", byte_size=1)
    data = {"album_id": "", "title": "a", "filename": "a.jpg"}
    photos.send_upload(Ticket(data=data), draft, io.BytesIO(b"x"))
    assert b'name="Album"' not in only(server).body


def test_protocol_names_every_method_and_parameter_of_the_document() -> None:
    methods = {"GetAlbumsList", "CreateAlbum", "GetAlbum", "GetMediaObjsList", "GetMediaObj", "AddMediaObj"}
    assert {action.value for action in Action} == methods
    parameters = {"action", "token", "Album", "TIT", "MOB", "F", "F_title"}
    assert {parameter.value for parameter in Parameter} == parameters


# --- What is understood ---------------------------------------------------------------------


def test_documents_albums_are_understood(server: ReplayServer, photos: OrangePhotos) -> None:
    server.queue(http(specimen("documented_albums")))
    albums = [(album.remote_id, album.title, album.photo_count) for album in photos.albums()]
    assert albums == [
        ("4f7mr0vqj3wk5", "album 8/2/2006-01", 4),
        ("2g7x1pi3kuyva", "album 21/3/2006-01", 3),
        ("1hvdkd3k0womr", "title", 12),
    ]


def test_documents_created_album_is_understood(server: ReplayServer, photos: OrangePhotos) -> None:
    server.queue(http(specimen("documented_created")))
    album = photos.create_album("anything")
    assert (album.remote_id, album.title) == ("ny1qpf7uv545", "album 10/12/2006-01")
    assert album.created_at == datetime(2006, 12, 15, 19, 50, 33, 28000, tzinfo=UTC)


def test_documents_photos_are_understood(server: ReplayServer, photos: OrangePhotos) -> None:
    server.queue(http(specimen("documented_media_objects")))
    first, second = photos.photos("ny1qpf7uv545")
    assert (first.remote_id, first.title, first.filename) == (
        "c0f8aae730f9552e",
        "2005-Porsche-911",
        "porsche_911.jpeg",
    )
    assert (first.byte_size, first.media_type, first.width, first.height) == (
        212117,
        "image/jpeg",
        1920,
        1440,
    )
    assert first.created_at == datetime(2006, 4, 19, 7, 55, 18, 470000, tzinfo=UTC)
    assert first.album_ids == ("ny1qpf7uv545",)
    assert second.remote_id == "a8ef26337d8b6c6d"
    assert 'id="5922"' in first.raw and "2005-TechArt" not in first.raw


def test_renditions_are_the_base_url_with_sizes_appended(server: ReplayServer, photos: OrangePhotos) -> None:
    server.queue(http(specimen("documented_media_objects")))
    photo: Photo = next(iter(photos.photos("a")))
    base = "http://ephoto.orange.fr/sitdriver?cid=c0f8aae730f9552e&app=ephoto.orange.fr"
    assert [(each.url, each.max_width, each.max_height) for each in photo.renditions] == [
        (f"{base}&width=100&height=100", 100, 100),
        (f"{base}&width=500&height=500", 500, 500),
        (f"{base}&width=1600&height=1600", 1600, 1600),
        (base, None, None),
    ]


def test_pictures_of_the_service_itself_survive_its_moving(
    server: ReplayServer, photos: OrangePhotos
) -> None:
    own = specimen("documented_media_object").replace(b"http://ephoto.orange.fr", server.url.encode())
    listed = own.replace(b"3205", b"3204").replace(b"<mediaObject ", b"<mediaObjects><mediaObject ", 1)
    server.queue(http(listed.replace(b"</mediaObject>", b"</mediaObject></mediaObjects>")))
    photo = next(iter(photos.photos("a")))
    assert photo.renditions[-1].url == "sitdriver?cid=c0f8aae730f9552e&app=papi"
    server.queue(http(b"x", media_type="image/jpeg"))
    assert b"".join(photos.fetch(photo.renditions[-1]).chunks) == b"x"
    assert server.requests[-1].target == "/sitdriver?cid=c0f8aae730f9552e&app=papi"


def test_one_photo_is_understood(server: ReplayServer, client: OrangeClient) -> None:
    server.queue(http(specimen("documented_media_object")))
    found = client.get_media_obj("c0f8aae730f9552e")
    assert found.base_url == "http://ephoto.orange.fr/sitdriver?cid=c0f8aae730f9552e&app=papi"
    assert found.created_ms == 1145433318470


def test_odd_answer_is_understood_as_far_as_it_goes(server: ReplayServer, photos: OrangePhotos) -> None:
    server.queue(http(specimen("composed_media_objects_odd"), 203, "application/xml"))
    first, second = photos.photos("a")
    assert first.title == "Carte & plan <b>"
    assert (first.width, first.height, first.byte_size, first.created_at) == (None, 600, None, None)
    assert first.media_type == "image/png"
    last = "https://ephoto.orange.example/sitdriver?cid=0e45fa19c8b36d72&app=papi"
    assert first.renditions[-1].url == last
    assert (second.remote_id, second.title, second.renditions) == ("b7d2904e6a31fc58", "", ())


@pytest.mark.parametrize("code", ["3201", "3205", "1", ""])
@pytest.mark.parametrize("body", ["<albums count='0'/>", "<mediaObject cypheredId='a'/>", "<other/>"])
def test_any_answer_to_an_upload_that_is_no_error_is_a_yes(
    server: ReplayServer, photos: OrangePhotos, code: str, body: str
) -> None:
    server.queue(http(f'<action version="2.0" code="{code}">{body}</action>'.encode()))
    draft = Draft(filename="a.jpg", media_type="image/jpeg", byte_size=1)
    photos.send_upload(Ticket(data={"album_id": "", "title": "a", "filename": "a"}), draft, io.BytesIO(b"x"))


@pytest.mark.parametrize("status", [200, 400, 401, 404, 500])
def test_documents_error_is_understood_under_every_status(
    server: ReplayServer, photos: OrangePhotos, status: int
) -> None:
    server.queue(http(specimen("documented_error"), status))
    with pytest.raises(Refused) as error:
        list(photos.albums())
    assert error.value.code == ErrorCode.OWNER_UNKNOWN
    assert error.value.message == "Owner unknown [GUID = mail jsmith@orange.fr]"


@pytest.mark.parametrize("status", [200, 401, 403, 500])
def test_missing_consent_is_told_with_where_to_give_it(
    server: ReplayServer, photos: OrangePhotos, status: int
) -> None:
    server.queue(http(specimen("composed_consent"), status))
    with pytest.raises(ConsentNeeded) as error:
        list(photos.albums())
    assert error.value.code == "-3"
    assert error.value.url == (
        "https://privacy.orange.example/privacy/interaction.do"
        "?family=photo&serviceId=ALBUMSDEMO1234567890&attributes=,see"
    )
    assert parse_qs(error.value.url.partition("?")[2])["attributes"] == [",see"]


@pytest.mark.parametrize(
    "url",
    [
        *("", "javascript:alert(1)", "file:///etc/passwd", "//evil.example/"),
        f"https://privacy.orange.example/?token={ESCAPED}",
        f"https://privacy.orange.example/?{SERVICE[1]}",
        "https://privacy.orange.example/?" + "x" * 1000,
    ],
)
def test_consent_where_nobody_can_be_sent_is_a_protocol_error(
    server: ReplayServer, photos: OrangePhotos, url: str
) -> None:
    body = f"<error><code>-3</code><detail>PrivacyAccessDenied</detail><url>{url}</url></error>"
    server.queue(http(body.encode(), 500))
    with pytest.raises(ProtocolError) as error:
        list(photos.albums())
    assert TOKEN not in str(error.value) and SERVICE[1] not in str(error.value)


def test_unknown_gateway_error_under_401_asks_to_link_again(
    server: ReplayServer, photos: OrangePhotos
) -> None:
    server.queue(http(b"<error><code>40</code><detail>Missing credentials</detail></error>", 401))
    with pytest.raises(ReconnectNeeded) as error:
        list(photos.albums())
    assert error.value.code == "40"


@pytest.mark.parametrize("cyphered_id", ["", "a b", "a/../b", "x" * 65, "é", "a&amp;token=b"])
@pytest.mark.parametrize("call", ["albums", "photos"])
def test_identifier_that_is_none_is_a_protocol_error(
    server: ReplayServer, photos: OrangePhotos, call: str, cyphered_id: str
) -> None:
    inner = f'<{{0}} cypheredId="{cyphered_id}"><title>a</title></{{0}}>'
    bodies = {
        "albums": f"<albums>{inner.format('album')}</albums>",
        "photos": f"<mediaObjects>{inner.format('mediaObject')}</mediaObjects>",
    }
    server.queue(http(f'<action code="3201">{bodies[call]}</action>'.encode()))
    with pytest.raises(ProtocolError):
        list(photos.albums() if call == "albums" else photos.photos("a"))


@pytest.mark.parametrize("detail", ["InvalidTokenException", "no such TOKEN", "tokenExpired"])
def test_unknown_gateway_code_that_speaks_of_the_token_asks_to_link_again(
    server: ReplayServer, photos: OrangePhotos, detail: str
) -> None:
    server.queue(http(f"<error><code>-77</code><detail>{detail}</detail></error>".encode(), 500))
    with pytest.raises(ReconnectNeeded):
        list(photos.albums())


def test_failure_without_a_name_is_told_as_such(server: ReplayServer, photos: OrangePhotos) -> None:
    server.queue(http(b'<action version="2.0" code="200"/>'))
    with pytest.raises(ProtocolError) as error:
        list(photos.albums())
    assert error.value.code == "unspecified"


@pytest.mark.parametrize("call", ["create_album", "send_upload"])
def test_internal_error_while_writing_leaves_the_outcome_unknown(
    server: ReplayServer, photos: OrangePhotos, call: str
) -> None:
    server.queue(http(b'<action code="200"><error-code>9099</error-code></action>', 500))
    draft = Draft(filename="a.jpg", media_type="image/jpeg", byte_size=1)
    ticket = Ticket(data={"album_id": "", "title": "a", "filename": "a"})
    with pytest.raises(OutcomeUnknown):
        if call == "create_album":
            photos.create_album("a")
        else:
            photos.send_upload(ticket, draft, io.BytesIO(b"x"))
