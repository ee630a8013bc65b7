"""What a SAPO account says in the words that every service shares, and how a file goes there."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from providers.contract import albums, base
from providers.contract.entities import Draft, Rendition, Ticket, Visibility
from providers.contract.errors import NotFound, OutcomeUnknown, ProviderError, Refused
from providers.registry import kind_of
from providers.sapo.conversion import to_utc
from providers.sapo.photos import SapoPhotos
from providers.sapo.protocol import UploadStatus
from tests.providers.sapo_replay import BINDINGS, TOKEN, answer_of, app_at
from tests.support.replay_server import ReplayServer, http

UID = "Ab3dEf6hIj9kLm2nOp5q"
CALLBACK = "https://pomar.example.org/uploads/callback/1/signature?a=b"
FILE = b"\xff\xd8\xff picture"
DRAFT = Draft(
    filename="praia.jpg",
    media_type="image/jpeg",
    byte_size=len(FILE),
    title="Praia",
    description="Um dia",
    tags=("mar", "alto mar, sol"),
)
TICKET = Ticket(data={"uid": UID, "token": "UPLOAD-TOKEN", "album_id": "", "callback_url": CALLBACK})


def account(url: str, binding: str = "rest", username: str = "ana", **options: str) -> SapoPhotos:
    return SapoPhotos(app_at(url, binding, **options), TOKEN, username)


def recorded(*operations: str, binding: str = "rest") -> list[bytes]:
    return [http(body, 200, kind) for body, kind in (answer_of(name, binding) for name in operations)]


def test_service_has_every_interface_that_sapo_can_fill() -> None:
    for interface in (
        base.RecentListing, base.CollectionLibrary, base.TagSearch, base.PublicSearch, base.OwnTags,
        base.Highlights, base.PhotoEditing, base.AlbumMembership, base.ViewCounting, base.UploadCallback,
        base.PublicProfile, base.PhotoDetails, albums.AlbumDescriptions, albums.AlbumPasswords,
    ):  # fmt: skip
        assert issubclass(kind_of("sapo").service, interface)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2012-01-15 09:08:07", datetime(2012, 1, 15, 9, 8, 7, tzinfo=UTC)),
        ("2012-07-15 09:08:07", datetime(2012, 7, 15, 8, 8, 7, tzinfo=UTC)),
        ("2012-10-28 01:30:00", datetime(2012, 10, 28, 0, 30, tzinfo=UTC)),
        ("ontem", None),
        ("", None),
        ("2012-13-01 00:00:00", None),
    ],
)
def test_date_is_lisbon_time(local: str, utc: datetime | None) -> None:
    assert to_utc(local) == utc


@pytest.mark.parametrize("binding", BINDINGS)
def test_photo_says_all_that_sapo_says(binding: str) -> None:
    with ReplayServer() as server:
        server.queue(*recorded("ImageGetListByTags", binding=binding))
        (photo,) = account(server.url, binding).photos_by_tags(["sol"])
    assert (photo.remote_id, photo.title, photo.description) == (
        "Zz9yXx8wVv7uTt6sRr5q",
        "Pôr do sol <3",
        "Duas linhas & um sinal",
    )
    assert photo.created_at == datetime(2012, 1, 15, 9, 8, 7, tzinfo=UTC)
    assert (photo.width, photo.height, photo.media_type) == (4000, 3000, "image/jpeg")
    assert (photo.is_adult, photo.is_active, photo.has_password, photo.is_pending) == (
        True,
        False,
        True,
        False,
    )
    assert (photo.colour, photo.view_count, photo.rating, photo.owner_name) == ((1, 2, 3), 12, "4.5", "ana")
    assert photo.tags == ("mar", "alto mar") and photo.album_ids == ("4", "5")
    assert [comment.written_at is None for comment in photo.comments] == [False, True]
    assert photo.renditions == (
        Rendition(url="http://c1.quickcachr.fotos.sapo.pt/i/o11111111/102_aaaaa.jpeg"),
    )


def test_album_ao_molho_is_the_inbox() -> None:
    with ReplayServer() as server:
        server.queue(*recorded("AlbumGetListByUser"))
        albums = list(account(server.url).albums())
    assert [(album.title, album.is_inbox) for album in albums] == [("Ao Molho", True), ("Ferias", False)]


def test_pages_are_asked_for_one_after_the_other_and_only_when_read() -> None:
    second = answer_of("ImageGetListByUser", "rest")[0].replace(b'"page":"1"', b'"page":"2"')
    with ReplayServer() as server:
        server.queue(*recorded("ImageGetListByUser"), http(second, 200, "application/json"))
        listing = account(server.url).newest()
        assert server.requests == []
        photos = iter(listing)
        next(photos)
        assert [request.query["page"] for request in server.requests] == [["1"]]
        rest = list(photos)
        assert [request.query["page"] for request in server.requests] == [["1"], ["2"]]
        assert listing.total == 51 and len(rest) == 3
        assert [photo.album_ids for photo in rest] == [("4", "5"), ("4",), ("4", "5")]


@pytest.mark.parametrize("album_id", ["", "abc", "-1", "1.5", "٣", "2147483648", "9" * 5000, "1/../2"])
def test_album_id_that_no_album_can_have_is_not_found_unasked(album_id: str) -> None:
    with ReplayServer() as server:
        with pytest.raises(NotFound):
            list(account(server.url).photos(album_id))
        assert server.requests == []


def test_search_without_a_word_finds_nothing_unasked() -> None:
    with ReplayServer() as server:
        assert list(account(server.url).search([" ", ","])) == []
        assert server.requests == []


# --- Editing ---


@pytest.mark.parametrize("binding", BINDINGS)
def test_edit_sends_back_what_it_does_not_change(binding: str) -> None:
    details, kind = answer_of("ImageGetListByTags", binding)
    details = details.replace(b"ImageGetListByTags", b"ImageDetails")
    details = details.replace(b'"images":{"image":[', b'"image":').replace(b']},"result"', b',"result"')
    details = details.replace(b"<images>", b"").replace(b"</images>", b"")
    with ReplayServer() as server:
        server.queue(http(details, 200, kind), *recorded("ImageEdit", binding=binding))
        account(server.url, binding).edit_photo("Zz9yXx8wVv7uTt6sRr5q", {"title": "Novo"})
        sent = server.requests[1].body
    if binding == "soap":
        assert (
            b"<image><active>false</active><password>segredo</password><uid>Zz9yXx8wVv7uTt6sRr5q</uid>"
            b"<synopse>Duas linhas &amp; um sinal</synopse><title>Novo</title><tags>mar,alto_mar</tags>"
            b"<m18>true</m18></image>"
        ) in sent
    else:
        assert sent == (
            b'{"image": {"active": "false", "password": "segredo", "uid": "Zz9yXx8wVv7uTt6sRr5q", '
            b'"synopse": "Duas linhas & um sinal", "title": "Novo", "tags": "mar,alto_mar", "m18": "true"}}'
        )


def test_photo_of_somebody_else_is_not_edited() -> None:
    with ReplayServer() as server:
        server.queue(*recorded("ImageDetails"))
        with pytest.raises(NotFound):
            account(server.url, username="rui").edit_photo(UID, {"title": "meu"})
        assert len(server.requests) == 1


def test_unknown_field_is_not_edited() -> None:
    with ReplayServer() as server:
        server.queue(*recorded("ImageDetails"))
        with pytest.raises(ValueError, match="colour"):
            account(server.url).edit_photo(UID, {"colour": "red"})
        assert len(server.requests) == 1


def test_removal_from_many_albums_goes_in_fifties() -> None:
    with ReplayServer() as server:
        server.queue(*recorded(*["ImageRemoveFromAlbum"] * 3))
        account(server.url).remove_from_albums(UID, [str(number) for number in range(1, 121)])
        sizes = [len(request.query["albumid"][0].split(",")) for request in server.requests]
    assert sizes == [50, 50, 20]


# --- Uploads ---


def test_begun_upload_is_a_ticket_of_less_than_ten_minutes() -> None:
    with ReplayServer() as server:
        server.queue(*recorded("ImageCreate"))
        ticket = account(server.url).begin_upload(DRAFT, CALLBACK)
        (request,) = server.requests
    assert dict(ticket.data) == dict(TICKET.data)
    assert ticket.callback_deadline
    left = ticket.callback_deadline - datetime.now(UTC)
    assert timedelta(minutes=8) < left < timedelta(minutes=10)
    assert request.body == b'{"image": {"synopse": "Um dia", "title": "Praia", "tags": "mar,alto_mar_sol"}}'


CREATED_AS = {
    Visibility.PRIVATE: b'"active":"false"',
    Visibility.PASSWORD: b'"password":"ajonc"',
    Visibility.PUBLIC: b'"active":"true"',
}


def _created(visibility: Visibility) -> bytes:
    """The answer of a service that does as it was asked."""
    body, kind = answer_of("ImageCreate", "rest")
    created_as = CREATED_AS[visibility]
    body = body.replace(b'"active":"true"' if b"active" in created_as else b'"password":null', created_as)
    assert created_as in body
    return http(body, 200, kind)


@pytest.mark.parametrize(
    ("visibility", "sent"),
    [
        (Visibility.PRIVATE, b'"active": "false", '),
        (Visibility.PASSWORD, b'"active": "true", "password": "ajonc", '),
        (Visibility.PUBLIC, b'"active": "true", '),
    ],
)
def test_begun_upload_says_all_that_the_service_takes(visibility: Visibility, sent: bytes) -> None:
    password = "ajonc" if visibility is Visibility.PASSWORD else ""
    draft = replace(DRAFT, subtitle="Fim", is_adult=True, visibility=visibility, password=password)
    with ReplayServer() as server:
        server.queue(_created(visibility))
        account(server.url).begin_upload(draft, CALLBACK)
        (request,) = server.requests
    assert request.body == (
        b'{"image": {' + sent + b'"subtitle": "Fim", "synopse": "Um dia", "title": "Praia", '
        b'"tags": "mar,alto_mar_sol", "m18": "true"}}'
    )


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.PASSWORD])
def test_place_that_the_service_left_open_is_given_back(visibility: Visibility) -> None:
    password = "ajonc" if visibility is Visibility.PASSWORD else ""
    draft = replace(DRAFT, visibility=visibility, password=password)
    with ReplayServer() as server:
        server.queue(_created(Visibility.PUBLIC), *recorded("ImageDelete"))
        with pytest.raises(Refused) as refusal:
            account(server.url).begin_upload(draft, CALLBACK)
        assert [request.path for request in server.requests] == ["/Photos/ImageCreate", "/Photos/ImageDelete"]
    assert refusal.value.code == "visibility"


def test_upload_into_an_album_that_is_not_there_reserves_nothing() -> None:
    body = (
        b'{"ImageGetListByUserAlbumResponse":{"ImageGetListByUserAlbumResult":'
        b'{"result":{"ok":"false","description":"Album not found"}}}}'
    )
    draft = Draft(filename="a.jpg", media_type="image/jpeg", byte_size=1, album_id="77")
    with ReplayServer() as server:
        server.queue(http(body, 200, "application/json"))
        with pytest.raises(NotFound):
            account(server.url).begin_upload(draft, CALLBACK)
        assert len(server.requests) == 1


def _send(server: ReplayServer, answer: bytes, ticket: Ticket = TICKET) -> None:
    server.queue(answer)
    assert account(server.url).send_upload(ticket, DRAFT, io.BytesIO(FILE)) == UID


def _sent_to(status: str) -> bytes:
    return http(b"", 302, headers=[("Location", f"{CALLBACK}&status={status}")])


def test_file_goes_with_token_and_redirect_address_and_no_key() -> None:
    with ReplayServer() as server:
        _send(server, _sent_to("SUCCESS"))
        (request,) = server.requests
    assert (request.method, request.target) == ("POST", "/uploadPost.html")
    assert request.header("authorization") == ""
    boundary = request.header("content-type").partition("boundary=")[2]
    expected = (
        (
            f'--{boundary}\r\nContent-Disposition: form-data; name="token"\r\n\r\nUPLOAD-TOKEN\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="redir"\r\n\r\n{CALLBACK}\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="photo"; filename="praia.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        ).encode()
        + FILE
        + f"\r\n--{boundary}--\r\n".encode()
    )
    assert request.body == expected
    assert TOKEN.encode() not in request.head + request.body


def test_callback_is_not_followed_by_us() -> None:
    with ReplayServer() as callback, ReplayServer() as server:
        _send(server, http(b"", 302, headers=[("Location", f"{callback.url}/x?status=SUCCESS")]))
        assert callback.requests == []


@pytest.mark.parametrize("status", [status for status in UploadStatus if status != UploadStatus.SUCCESS])
@pytest.mark.parametrize("how", ["redirect", "xml"])
def test_status_that_is_no_success_becomes_its_error(status: UploadStatus, how: str) -> None:
    answer = _sent_to(status)
    if how == "xml":
        answer = http(
            '<?xml version="1.0" encoding="utf-8" ?>\n'
            f"<UploadPost><Result>{status}</Result><Error>So it is</Error></UploadPost>".encode()
        )
    with ReplayServer() as server, pytest.raises(ProviderError) as caught:
        _send(server, answer)
    kind = OutcomeUnknown if status == UploadStatus.EXHAUSTED_TOKEN else Refused
    assert type(caught.value) is kind and caught.value.code == status


@pytest.mark.parametrize("root", ["uploadPost", "UploadPost"])
def test_success_in_xml_is_read_in_both_spellings(root: str) -> None:
    xml = f"<{root}><Ok/><Result>SUCCESS</Result><views><view><size>large</size></view></views></{root}>"
    with ReplayServer() as server:
        _send(server, http(xml.encode()))


@pytest.mark.parametrize(
    "answer",
    [
        _sent_to("SOMETHING_NEW"),
        http(b"", 302, headers=[("Location", CALLBACK)]),
        http(b"", 302),
        http(b"thank you"),
        http(b"<other><Result>SUCCESS</Result></other>"),
        http(b"<uploadPost><Ok/></uploadPost>"),
    ],
)
def test_answer_without_an_outcome_leaves_it_unknown(answer: bytes) -> None:
    with ReplayServer() as server, pytest.raises(OutcomeUnknown):
        _send(server, answer)


def test_upload_host_of_its_own_is_used_by_us_and_by_browsers() -> None:
    with ReplayServer() as api, ReplayServer() as host:
        service = account(api.url, upload_url=f"{host.url}/uploadPost.html")
        host.queue(_sent_to("SUCCESS"))
        service.send_upload(TICKET, DRAFT, io.BytesIO(FILE))
        form = service.browser_form(TICKET, CALLBACK)
        assert (api.requests, len(host.requests)) == ([], 1)
    assert form.action == f"{host.url}/uploadPost.html"
    assert dict(form.fields) == {"token": "UPLOAD-TOKEN", "redir": CALLBACK} and form.file_field == "photo"


@pytest.mark.parametrize("pending", [True, False])
def test_upload_is_confirmed_once_it_is_no_longer_pending(pending: bool) -> None:
    body, kind = answer_of("ImageDetails", "rest")
    body = body.replace(b'"pending":"false"', b'"pending":"true"') if pending else body
    with ReplayServer() as server:
        server.queue(http(body, 200, kind))
        photo = account(server.url).confirm_upload(TICKET)
    assert photo is None if pending else photo is not None and photo.remote_id == UID


def test_confirmed_upload_is_put_into_its_album() -> None:
    ticket = Ticket(data={**TICKET.data, "album_id": "5"})
    with ReplayServer() as server:
        server.queue(*recorded("ImageDetails", "ImageAddToAlbum"))
        photo = account(server.url).confirm_upload(ticket)
        assert server.requests[1].query["albumid"] == ["5"]
    assert photo and photo.album_ids == ("5",)


def test_stored_photo_is_not_lost_when_its_album_went_away() -> None:
    ticket = Ticket(data={**TICKET.data, "album_id": "5"})
    gone = (
        b'{"ImageAddToAlbumResponse":{"ImageAddToAlbumResult":'
        b'{"result":{"ok":"false","description":"Album not found"}}}}'
    )
    with ReplayServer() as server:
        server.queue(*recorded("ImageDetails"), http(gone, 200, "application/json"))
        photo = account(server.url).confirm_upload(ticket)
    assert photo and photo.remote_id == UID and not photo.album_ids


def test_finished_photo_is_never_abandoned() -> None:
    with ReplayServer() as server:
        server.queue(*recorded("ImageDetails"))
        account(server.url).abandon_upload(TICKET)
        assert [request.path for request in server.requests] == ["/Photos/ImageDetails"]


# --- Two addresses ---


def test_addresses_are_kept_so_that_they_outlive_a_move_of_the_server() -> None:
    with ReplayServer() as server:
        app = replace(app_at(server.url), web_url="https://pomar.example/s")
        body, kind = answer_of("ImageDetails", "rest")
        body = body.replace(b"http://fotos.sapo.pt/", f"{server.url}/fotos/".encode())
        body = body.replace(b"http://c4.quickcachr.fotos.sapo.pt/", f"{server.url}/".encode())
        body = body.replace(b"http://c7.quickcachr.fotos.sapo.pt/", b"https://pomar.example/s/")
        server.queue(http(body, 200, kind), http(b"jpeg", media_type="image/jpeg"))
        service = SapoPhotos(app, TOKEN, "ana")
        photo = service.photo(UID)
        assert photo.page_url == f"https://pomar.example/s/fotos/ana/fotos/?uid={UID}"
        assert [one.url for one in photo.renditions] == [
            "i/o0a1b2c3d/101_aB3dE.jpeg",
            "i/N4e5f6071/101_Zx9Yw.jpeg",
        ]
        assert b"".join(service.fetch(photo.renditions[0]).chunks) == b"jpeg"
        assert server.requests[1].target == "/i/o0a1b2c3d/101_aB3dE.jpeg"
