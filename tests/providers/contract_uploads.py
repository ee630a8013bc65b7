"""Duties about uploads: a file arrives once, or we know that it did not, or we know that we do not know."""

import io
import json
from typing import BinaryIO

import pytest

from providers.contract.base import PhotoService
from providers.contract.entities import Draft, Photo, Ticket
from providers.contract.errors import (
    NotFound,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Refused,
    TemporaryError,
    Unavailable,
)
from tests.providers.contract_subject import (
    CALLBACK,
    Subject,
    accepts_of,
    against_server,
    draft_for,
    draft_of,
    nothing_listens,
)
from tests.support.painting import huge_png, picture, size_of
from tests.support.replay_server import Answer, ReplayServer, drips, hangs, hangs_up, http

BIG = b"\xff\xd8\xff" + bytes(24 * 1024 * 1024)  # more than sockets hold, so that a cut is felt
BAD_FILES = {
    "empty": b"",
    "text": b"I am no picture at all, whatever my name says.\n" * 20,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "truncated": picture(width=800, height=600)[:2000],
    "four_hundred_megapixels": huge_png(),
}


def upload(service: PhotoService, content: bytes, **changes: object) -> tuple[Ticket, Photo | None]:
    """Begin, send, confirm."""
    draft = draft_for(service, content, **changes)
    ticket = service.begin_upload(draft, CALLBACK)
    ticket = ticket.with_photo(service.send_upload(ticket, draft, io.BytesIO(content)))
    return ticket, service.confirm_upload(ticket)


class _Watched(io.BytesIO):
    """A file that remembers the largest piece asked of it."""

    largest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        self.largest = max(self.largest, len(block))
        return block


def _send(subject: Subject, url: str, content: bytes, file: BinaryIO | None = None) -> None:
    draft = draft_of(content)
    subject.at(url).send_upload(subject.ticket(url, draft), draft, file or io.BytesIO(content))


@against_server
class UploadDuties:
    """Begin, send, confirm."""

    def test_upload_is_confirmed_as_the_photo_it_became(self, subject: Subject) -> None:
        content = picture(width=300, height=200)
        album_id = subject.add_album("Bretagne")
        service = subject.account()
        _, photo = upload(service, content, title="Phare", album_id=album_id)
        assert photo is not None
        assert photo.title == "Phare" and not photo.is_pending
        assert photo.byte_size in (None, len(content))
        assert [listed.remote_id for listed in service.photos(album_id)] == [photo.remote_id]

    def test_upload_without_album_is_stored_or_refused_as_declared(self, subject: Subject) -> None:
        service = subject.account()
        if accepts_of(service).has_default_place:
            _, photo = upload(service, picture())
            assert photo is not None and photo.remote_id
        else:
            with pytest.raises(Refused) as refusal:
                service.begin_upload(draft_of(picture()), CALLBACK)
            assert refusal.value.code == "album_id"

    def test_photo_that_sending_names_is_the_one_that_is_confirmed(self, subject: Subject) -> None:
        service, content = subject.account(), picture()
        draft = draft_for(service, content)
        ticket = service.begin_upload(draft, CALLBACK)
        photo_id = service.send_upload(ticket, draft, io.BytesIO(content))
        for known in (ticket, ticket.with_photo(photo_id)):
            photo = service.confirm_upload(known)
            assert photo and photo_id in ("", photo.remote_id)

    def test_photo_that_was_named_by_mistake_confirms_nothing(self, subject: Subject) -> None:
        service, content = subject.account(), picture()
        album_id = subject.add_album("Bretagne")
        older = [subject.add_photo(album_id, each) for each in (content, picture(text="other"))]
        ticket = service.begin_upload(draft_of(content, album_id=album_id), CALLBACK)
        for photo_id in (*older, "0" * 16):
            assert service.confirm_upload(ticket.with_photo(photo_id)) is None

    def test_confirming_twice_finds_the_same_photo(self, subject: Subject) -> None:
        service = subject.account()
        ticket, photo = upload(service, picture())
        again = service.confirm_upload(ticket)
        assert photo and again and photo.remote_id == again.remote_id

    def test_nothing_is_confirmed_before_it_was_sent(self, subject: Subject) -> None:
        service = subject.account()
        ticket = service.begin_upload(draft_for(service, picture()), CALLBACK)
        assert service.confirm_upload(ticket) is None

    def test_begun_upload_is_no_photo(self, subject: Subject) -> None:
        album_id = subject.add_album("Bretagne")
        service = subject.account()
        service.begin_upload(draft_of(picture(), album_id=album_id), CALLBACK)
        assert list(service.photos(album_id)) == []

    def test_same_file_twice_becomes_two_photos_told_apart(self, subject: Subject) -> None:
        album_id = subject.add_album("Bretagne")
        service = subject.account()
        _, first = upload(service, picture(), album_id=album_id)
        _, second = upload(service, picture(), album_id=album_id)
        assert first and second and first.remote_id != second.remote_id

    def test_photo_that_was_there_before_confirms_nothing(self, subject: Subject) -> None:
        content = picture()
        album_id = subject.add_album("Bretagne")
        subject.add_photo(album_id, content, title="Soir", filename="soir.jpg")
        service = subject.account()
        ticket = service.begin_upload(draft_of(content, album_id=album_id), CALLBACK)
        assert service.confirm_upload(ticket) is None

    def test_ticket_survives_being_kept_as_json(self, subject: Subject) -> None:
        service = subject.account()
        ticket, photo = upload(service, picture())
        stored = Ticket(data=json.loads(json.dumps(dict(ticket.data))), callback_deadline=None)
        found = subject.account().confirm_upload(stored)
        assert photo and found and found.remote_id == photo.remote_id

    @pytest.mark.parametrize(
        "filename",
        ["été à Malaga 🏖.jpg", 'a "quoted" name.jpg', "a;b=c.jpg", "../../up.jpg", "line\r\nbreak.jpg"],
        ids=["unicode", "quotes", "semicolon", "path", "line_break"],
    )
    def test_odd_filename_does_no_harm(self, subject: Subject, filename: str) -> None:
        _, photo = upload(subject.account(), picture(), filename=filename)
        assert photo is not None

    @pytest.mark.parametrize("title", ["Fête 🏖️", "a ]]> b", "<b>&</b>", "a\r\nb", "--pomar"])
    def test_odd_photo_title_does_no_harm(self, subject: Subject, title: str) -> None:
        _, photo = upload(subject.account(), picture(), title=title)
        assert photo is not None
        assert photo.title.split() == title.split()

    @pytest.mark.parametrize("kind", ["jpeg", "png", "gif", "bmp"])
    def test_format_of_the_document_is_taken(self, subject: Subject, kind: str) -> None:
        if f"image/{kind}" not in accepts_of(subject.account()).media_types:
            pytest.skip("the service does not take this format")
        content = picture(kind)
        _, photo = upload(subject.account(), content, filename=f"a.{kind}", media_type=f"image/{kind}")
        assert photo is not None and photo.media_type in ("", f"image/{kind}")

    def test_content_tells_the_format_whatever_was_declared(self, subject: Subject) -> None:
        _, photo = upload(subject.account(), picture("png"), filename="a.jpg", media_type="image/jpeg")
        assert photo is not None and photo.media_type in ("", "image/png")

    @pytest.mark.parametrize(
        "title", ["x" * 10_000, "a\x00b", "a\x0bb\x1fc"], ids=["long", "zero", "control"]
    )
    def test_title_that_cannot_be_is_refused_or_made_one_that_can(self, subject: Subject, title: str) -> None:
        album_id = subject.add_album("Bretagne")
        service = subject.account()
        try:
            _, photo = upload(service, picture(), title=title, album_id=album_id)
        except Refused as refusal:
            assert refusal.code and list(service.photos(album_id)) == []
        else:
            assert photo is not None and photo.title.isprintable()
            assert [listed.remote_id for listed in service.photos(album_id)] == [photo.remote_id]

    def test_uploads_to_two_albums_stay_apart(self, subject: Subject) -> None:
        service = subject.account()
        albums = [subject.add_album("First"), subject.add_album("Second")]
        sent = [upload(service, picture(), album_id=album_id)[1] for album_id in albums]
        listed = [[photo.remote_id for photo in service.photos(album_id)] for album_id in albums]
        assert listed == [[photo.remote_id] for photo in sent if photo]

    def test_confirmed_photo_can_be_looked_at_in_every_size(self, subject: Subject) -> None:
        _, photo = upload(subject.account(), picture(width=700, height=500))
        assert photo is not None and photo.renditions
        for rendition in photo.renditions:
            fetched = b"".join(subject.account().fetch(rendition).chunks)
            assert size_of(fetched)[0] <= 700

    @pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES)
    def test_bad_file_is_refused_and_leaves_nothing(self, subject: Subject, content: bytes) -> None:
        album_id = subject.add_album("Bretagne")
        service = subject.account()
        with pytest.raises(Refused) as refusal:
            upload(service, content, album_id=album_id)
        assert refusal.value.code
        assert list(service.photos(album_id)) == []

    @pytest.mark.parametrize("whose", ["nobodys", "bobs"])
    def test_album_that_is_not_ours_takes_nothing(self, subject: Subject, whose: str) -> None:
        foreign = subject.add_album("Bob's", of_bob=True)
        with pytest.raises((NotFound, Refused)):
            upload(subject.account(), picture(), album_id=foreign if whose == "bobs" else "0" * 13)
        assert list(subject.account(of_bob=True).photos(foreign)) == []


class SendingDuties:
    """What is known of a file after the line broke."""

    def test_file_goes_out_whole_with_its_length(self, subject: Subject) -> None:
        content = bytes(range(256)) * 4000
        with ReplayServer() as server:
            server.queue(hangs_up())
            with pytest.raises(OutcomeUnknown):
                _send(subject, server.url, content)
            (request,) = server.requests
            assert content in request.body
            assert int(request.header("content-length")) == len(request.body)

    def test_file_is_read_in_pieces(self, subject: Subject) -> None:
        file = _Watched(BIG)
        with ReplayServer() as server:
            server.queue(hangs_up())
            with pytest.raises(OutcomeUnknown):
                _send(subject, server.url, BIG, file)
        assert 0 < file.largest <= 1024 * 1024

    def test_service_that_is_away_has_no_file(self, subject: Subject) -> None:
        with nothing_listens() as url, pytest.raises(Unavailable):
            _send(subject, url, picture())

    def test_line_cut_while_sending_is_a_temporary_error(self, subject: Subject) -> None:
        with ReplayServer() as server:
            server.queue(hangs_up(reads_body=False))
            with pytest.raises(TemporaryError):
                _send(subject, server.url, BIG)

    @pytest.mark.parametrize("how", ["cut", "silence", "dripping", "half_an_answer"])
    def test_trouble_after_the_file_went_out_leaves_the_outcome_unknown(
        self, subject: Subject, how: str
    ) -> None:
        responses: dict[str, Answer | bytes] = {
            "cut": hangs_up(),
            "silence": hangs(),
            "dripping": drips(http(b"<action/>" * 50)),
            "half_an_answer": http(b"<action", length=4000),
        }
        with ReplayServer() as server:
            server.queue(responses[how])
            with pytest.raises(OutcomeUnknown):
                _send(subject, server.url, picture())
            assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "answer",
        [
            http(b"<html>Thank you</html>", media_type="text/html"),
            http(b""),
            http(b"<html>Internal error</html>", 500, "text/html"),
            http(b"", 502),
            http(b"", 504),
        ],
        ids=["page", "nothing", "500_page", "502", "504"],
    )
    def test_unreadable_answer_to_a_file_leaves_the_outcome_unknown(
        self, subject: Subject, answer: bytes
    ) -> None:
        with ReplayServer() as server:
            server.queue(answer)
            with pytest.raises(OutcomeUnknown):
                _send(subject, server.url, picture())
            assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "answer",
        [
            hangs_up(),
            http(b"<html>Hello</html>", media_type="text/html"),
            http(b"", 500),
            http(b"", 503),
            http(b'<?xml version="1.0"?><action code="3204"><mediaObjects>', length=4000),
        ],
        ids=["cut", "page", "500", "503", "half"],
    )
    def test_confirming_that_goes_wrong_never_says_that_nothing_is_there(
        self, subject: Subject, answer: Answer | bytes
    ) -> None:
        """Or the file would be sent a second time."""
        draft = draft_of(picture())
        with ReplayServer() as server:
            server.queue(answer)
            with pytest.raises(ProviderError) as error:
                subject.at(server.url).confirm_upload(subject.ticket(server.url, draft))
        assert not isinstance(error.value, NotFound)

    def test_service_that_is_too_busy_for_a_file_says_when(self, subject: Subject) -> None:
        with ReplayServer() as server:
            server.queue(http(b"", 429, headers=[("Retry-After", "17")]))
            with pytest.raises(RateLimited) as busy:
                _send(subject, server.url, picture())
        assert busy.value.retry_after == 17

    def test_file_that_shrank_meanwhile_is_not_sent_as_whole(self, subject: Subject) -> None:
        draft = Draft(filename="a.jpg", media_type="image/jpeg", byte_size=5000)
        with ReplayServer() as server:
            server.queue(hangs_up())
            with pytest.raises(ProviderError) as error:
                subject.at(server.url).send_upload(
                    subject.ticket(server.url, draft), draft, io.BytesIO(b"short")
                )
        assert not isinstance(error.value, OutcomeUnknown)
