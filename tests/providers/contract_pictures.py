"""Duties about fetching pictures."""

import pytest

from providers.contract.entities import Photo, Rendition
from providers.contract.errors import NotFound, ProtocolError, ProviderError, TemporaryError, Unavailable
from tests.providers.contract_subject import Subject, against_server, nothing_listens
from tests.support.painting import picture, size_of
from tests.support.replay_server import Answer, ReplayServer, drips, floods, hangs, hangs_up, http, says

IMAGE = "image/jpeg"


def _only_photo(subject: Subject, content: bytes) -> Photo:
    album_id = subject.add_album("Bretagne")
    subject.add_photo(album_id, content)
    (photo,) = subject.account().photos(album_id)
    return photo


def _fetch(subject: Subject, server: ReplayServer, *responses: Answer | bytes) -> bytes:
    server.queue(*responses)
    rendition = Rendition(url=subject.picture_url(server.url))
    return b"".join(subject.at(server.url).fetch(rendition).chunks)


@against_server
class PictureDuties:
    """Renditions and their bytes."""

    def test_original_is_the_picture_that_was_stored(self, subject: Subject) -> None:
        content = picture(width=900, height=600)
        photo = _only_photo(subject, content)
        original = next(r for r in photo.renditions if r.max_width is None and r.max_height is None)
        fetched = subject.account().fetch(original)
        assert size_of(b"".join(fetched.chunks)) == (900, 600)
        assert fetched.media_type == IMAGE

    def test_every_rendition_fits_its_box(self, subject: Subject) -> None:
        photo = _only_photo(subject, picture(width=1400, height=700))
        for rendition in photo.renditions:
            width, height = size_of(b"".join(subject.account().fetch(rendition).chunks))
            assert rendition.max_width is None or width <= rendition.max_width
            assert rendition.max_height is None or height <= rendition.max_height

    def test_a_small_one_is_offered_beside_the_original(self, subject: Subject) -> None:
        photo = _only_photo(subject, picture(width=1400, height=700))
        small = [r for r in photo.renditions if r.max_width is not None and r.max_width <= 640]
        assert small and len(photo.renditions) > len(small)

    def test_announced_size_is_the_size(self, subject: Subject) -> None:
        photo = _only_photo(subject, picture())
        for rendition in photo.renditions:
            fetched = subject.account().fetch(rendition)
            total = len(b"".join(fetched.chunks))
            assert fetched.byte_size in (None, total)


class FetchDuties:
    """Picture hosts that are kind, busy, broken or hostile."""

    def test_picture_arrives_byte_for_byte(self, subject: Subject) -> None:
        content = bytes(range(256)) * 500
        with ReplayServer() as server:
            assert _fetch(subject, server, http(content, media_type=IMAGE)) == content

    def test_picture_host_gets_no_key(self, subject: Subject) -> None:
        with ReplayServer() as server:
            _fetch(subject, server, http(b"x", media_type=IMAGE))
            (request,) = server.requests
            assert request.header("authorization") == "" and request.header("cookie") == ""
            assert not any(secret.encode() in request.head for secret in subject.secrets())

    @pytest.mark.parametrize("scheme", ["file:///etc/passwd", "ftp://127.0.0.1/a", "data:image/png,a", "a"])
    def test_address_that_is_no_web_address_is_refused(self, subject: Subject, scheme: str) -> None:
        with ReplayServer() as server:
            with pytest.raises(ProviderError):
                b"".join(subject.at(server.url).fetch(Rendition(url=scheme)).chunks)
            assert len(server.requests) <= 1  # a relative one may be asked for at the service itself

    def test_foreign_host_is_refused_unasked(self, subject: Subject) -> None:
        with ReplayServer() as server, ReplayServer() as service:
            url = subject.picture_url(server.url).replace("127.0.0.1", "localhost")
            with pytest.raises(ProtocolError):
                subject.at(service.url).fetch(Rendition(url=url))
            assert server.requests == []

    def test_address_with_a_password_in_it_is_refused(self, subject: Subject) -> None:
        with ReplayServer() as server:
            url = subject.picture_url(server.url).replace("http://", "http://user:word@")
            with pytest.raises(ProtocolError):
                subject.at(server.url).fetch(Rendition(url=url))
            assert server.requests == []

    def test_redirect_to_a_foreign_host_is_refused(self, subject: Subject) -> None:
        with ReplayServer() as server:
            away = http(b"", 302, headers=[("Location", f"http://localhost:{server.port}/secret")])
            with pytest.raises(ProtocolError):
                _fetch(subject, server, away)
            assert len(server.requests) == 1

    def test_redirect_to_a_file_is_refused(self, subject: Subject) -> None:
        with ReplayServer() as server, pytest.raises(ProtocolError):
            _fetch(subject, server, http(b"", 302, headers=[("Location", "file:///etc/passwd")]))

    def test_redirect_within_the_service_is_followed(self, subject: Subject) -> None:
        with ReplayServer() as server:
            onward = http(b"", 302, headers=[("Location", "/elsewhere.jpg")])
            assert _fetch(subject, server, onward, http(b"there", media_type=IMAGE)) == b"there"

    def test_redirects_in_a_circle_end(self, subject: Subject) -> None:
        with ReplayServer() as server:
            circle = says(http(b"", 302, headers=[("Location", "/again")]))
            with pytest.raises(ProtocolError):
                _fetch(subject, server, *[circle] * 50)
            assert len(server.requests) < 20

    def test_picture_announced_too_large_is_refused(self, subject: Subject) -> None:
        with ReplayServer() as server, pytest.raises(ProtocolError):
            _fetch(subject, server, http(b"x", media_type=IMAGE, length=10**9))

    def test_picture_that_turns_out_too_large_is_refused(self, subject: Subject) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nConnection: close\r\n\r\n"
        with ReplayServer() as server, pytest.raises(ProtocolError):
            _fetch(subject, server, floods(head, b"x" * 65536, times=40))

    def test_picture_cut_short_is_a_temporary_error(self, subject: Subject) -> None:
        with ReplayServer() as server, pytest.raises(TemporaryError):
            _fetch(subject, server, http(b"half", media_type=IMAGE, length=100))

    @pytest.mark.parametrize("fast", [0, 120], ids=["from_the_first_byte", "in_the_body"])
    def test_picture_that_drips_is_given_up(self, subject: Subject, fast: int) -> None:
        with ReplayServer() as server, pytest.raises(TemporaryError):
            _fetch(subject, server, drips(http(b"x" * 400, media_type=IMAGE), fast=fast))

    def test_picture_host_that_says_nothing_is_given_up(self, subject: Subject) -> None:
        with ReplayServer() as server, pytest.raises(TemporaryError):
            _fetch(subject, server, hangs())

    def test_picture_host_that_hangs_up_is_a_temporary_error(self, subject: Subject) -> None:
        with ReplayServer() as server, pytest.raises(TemporaryError):
            _fetch(subject, server, hangs_up())

    def test_picture_host_that_is_away_is_unavailable(self, subject: Subject) -> None:
        with nothing_listens() as url, pytest.raises(Unavailable):
            subject.at(url).fetch(Rendition(url=subject.picture_url(url)))

    @pytest.mark.parametrize("status", [404, 410])
    def test_picture_that_is_gone_is_not_found(self, subject: Subject, status: int) -> None:
        with ReplayServer() as server, pytest.raises(NotFound):
            _fetch(subject, server, http(b"", status))

    @pytest.mark.parametrize("status", [429, 503])
    def test_busy_picture_host_is_a_temporary_error(self, subject: Subject, status: int) -> None:
        with ReplayServer() as server, pytest.raises(TemporaryError):
            _fetch(subject, server, http(b"", status, headers=[("Retry-After", "7")]))
