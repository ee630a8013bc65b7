"""Duties about services that answer badly, slowly, hostilely or not at all, and about keeping secrets."""

import gzip
import io
import logging
import traceback
from collections.abc import Callable

import pytest

from providers.contract.base import PhotoService
from providers.contract.errors import (
    NotFound,
    OutcomeUnknown,
    ProtocolError,
    ProviderError,
    RateLimited,
    ReconnectNeeded,
    Refused,
    TemporaryError,
    Unavailable,
)
from tests.providers import contract_subject as meanings
from tests.providers.contract_subject import (
    CALLBACK,
    Subject,
    against_server,
    draft_for,
    draft_of,
    nothing_listens,
)
from tests.support.painting import picture
from tests.support.replay_server import Answer, ReplayServer, drips, floods, hangs, hangs_up, http, says

Call = Callable[[PhotoService, Subject], object]
READS: dict[str, Call] = {
    "albums": lambda service, subject: list(service.albums()),
    "photos": lambda service, subject: list(service.photos(subject.some_album_id)),
}
CALLS: dict[str, Call] = {
    **READS,
    "create_album": lambda service, subject: service.create_album("Bretagne"),
}
BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">'
    b'<!ENTITY d "&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;">]><action>&e;</action>'
)
NOT_AS_DOCUMENTED: dict[str, bytes] = {
    "page": http(b"<html><body><br>Hello</body></html>", media_type="text/html"),
    "nothing": http(b""),
    "json": http(b'{"albums": []}', media_type="application/json"),
    "picture": http(b"\xff\xd8\xff\xe0" + bytes(500), media_type="image/jpeg"),
    "truncated": http(b'<?xml version="1.0"?><action version="2.0" code="3201"><albums><alb'),
    "other_root": http(b"<surprise><albums/></surprise>"),
    "doctype": http(b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><action code="3201"><albums/></action>'),
    "external_entity": http(
        b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><action><albums>&f;</albums></action>'
    ),
    "entity_bomb": http(BOMB),
    "deep": http(b"<action>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</action>"),
    "bad_bytes": http(b"<action><albums><album><title>\xff\xfe\x80</title></album></albums></action>"),
    "redirect": http(b"", 302, headers=[("Location", "http://localhost/")]),
    "teapot": http(b"<html>", 418, "text/html"),
}


def _error_of(subject: Subject, call: Call, answer: Answer | bytes, server: ReplayServer) -> ProviderError:
    server.queue(answer)
    with pytest.raises(ProviderError) as caught:
        call(subject.at(server.url), subject)
    return caught.value


class TroubleDuties:
    """Every failure is one of our errors, soon."""

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    @pytest.mark.parametrize("answer", NOT_AS_DOCUMENTED.values(), ids=NOT_AS_DOCUMENTED)
    def test_answer_that_is_not_as_documented_is_told(
        self, subject: Subject, call: Call, answer: bytes
    ) -> None:
        with ReplayServer() as server:
            error = _error_of(subject, call, answer, server)
            assert len(server.requests) == 1
        # After a write nobody knows what an unreadable answer means.
        assert isinstance(error, (ProtocolError, OutcomeUnknown))
        if call is not CALLS["create_album"]:
            assert isinstance(error, ProtocolError)

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    def test_page_of_a_broken_service_is_told(self, subject: Subject, call: Call) -> None:
        with ReplayServer() as server:
            error = _error_of(subject, call, http(b"<html>Oh</html>", 500, "text/html"), server)
        assert isinstance(error, (ProtocolError, TemporaryError))

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    def test_endless_answer_is_cut_off(self, subject: Subject, call: Call) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n<action><albums>"
        with ReplayServer() as server:
            answer = floods(head, b"<album>x</album>" * 4096, times=200)
            assert isinstance(_error_of(subject, call, answer, server), (ProtocolError, OutcomeUnknown))

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    @pytest.mark.parametrize("fast", [0, 90], ids=["headers", "body"])
    def test_dripping_answer_is_given_up_in_time(self, subject: Subject, call: Call, fast: int) -> None:
        with ReplayServer() as server:
            error = _error_of(subject, call, drips(http(b"<action>" + b" " * 900), fast=fast), server)
        assert isinstance(error, TemporaryError)  # read to its end it would be a ProtocolError

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    @pytest.mark.parametrize(
        "answer", [hangs(), hangs_up(), http(b"<action>", length=500)], ids=["silence", "cut", "half"]
    )
    def test_line_that_breaks_is_a_temporary_error(
        self, subject: Subject, call: Call, answer: Answer | bytes
    ) -> None:
        with ReplayServer() as server:
            assert isinstance(_error_of(subject, call, answer, server), TemporaryError)
            assert len(server.requests) == 1

    def test_album_whose_answer_was_lost_is_unknown_and_asked_for_once(self, subject: Subject) -> None:
        with ReplayServer() as server:
            error = _error_of(subject, CALLS["create_album"], hangs_up(), server)
            assert isinstance(error, OutcomeUnknown)
            assert len(server.requests) == 1

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    def test_service_that_is_away_is_unavailable(self, subject: Subject, call: Call) -> None:
        with nothing_listens() as url, pytest.raises(Unavailable):
            call(subject.at(url), subject)

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    @pytest.mark.parametrize("status", [429, 503])
    def test_busy_service_says_when_to_come_back(self, subject: Subject, call: Call, status: int) -> None:
        with ReplayServer() as server:
            error = _error_of(subject, call, http(b"", status, headers=[("Retry-After", "33")]), server)
        assert isinstance(error, RateLimited) and error.retry_after == 33

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    @pytest.mark.parametrize("as_status", [None, 200, 400, 500])
    @pytest.mark.parametrize(
        ("meaning", "kind"),
        [
            (meanings.KEY_EXPIRED, ReconnectNeeded),
            (meanings.KEY_REJECTED, ReconnectNeeded),
            (meanings.NOT_FOUND, NotFound),
            (meanings.REFUSED, Refused),
            (meanings.UNKNOWN_CODE, ProtocolError),
        ],
    )
    def test_error_is_known_by_what_it_says_whatever_its_status(
        self, subject: Subject, meaning: str, kind: type[ProviderError], as_status: int | None, call: Call
    ) -> None:
        if meaning in subject.lacks:
            pytest.skip(subject.lacks[meaning])
        status, media_type, body = subject.fault(meaning)
        with ReplayServer() as server:
            error = _error_of(subject, call, http(body, as_status or status, media_type), server)
        assert type(error) is kind
        assert error.code and error.provider == subject.provider and error.operation

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    def test_answer_in_chunks_that_breaks_off_is_a_temporary_error(
        self, subject: Subject, call: Call
    ) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
        with ReplayServer() as server:
            error = _error_of(subject, call, says(head + b"8\r\n<action>\r\n20\r\n<alb"), server)
        assert isinstance(error, TemporaryError)

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    def test_packed_answer_is_not_unpacked(self, subject: Subject, call: Call) -> None:
        """We ask for none: a kilobyte of it may be a gigabyte."""
        packed = gzip.compress(b"<action>" + b" " * 10_000_000 + b"</action>")
        with ReplayServer() as server:
            answer = http(packed, headers=[("Content-Encoding", "gzip")])
            error = _error_of(subject, call, answer, server)
            assert server.requests[0].header("accept-encoding") == "identity"
        assert isinstance(error, (ProtocolError, OutcomeUnknown))

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    def test_bare_401_asks_to_link_again(self, subject: Subject, call: Call) -> None:
        with ReplayServer() as server:
            error = _error_of(subject, call, http(b"", 401), server)
        assert isinstance(error, ReconnectNeeded)


@against_server
class KeyDuties:
    """Keys that do not open."""

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    @pytest.mark.parametrize("state", ["expired", "revoked", "unknown"])
    def test_key_that_does_not_open_asks_to_link_again(
        self, subject: Subject, state: str, call: Call
    ) -> None:
        with pytest.raises(ReconnectNeeded):
            call(subject.with_bad_key(state), subject)

    def test_upload_does_not_begin_with_a_key_that_does_not_open(self, subject: Subject) -> None:
        with pytest.raises(ReconnectNeeded):
            subject.with_bad_key("revoked").begin_upload(
                draft_of(picture(), album_id=subject.some_album_id), CALLBACK
            )

    def test_confirming_with_a_key_that_does_not_open_says_nothing_about_the_photo(
        self, subject: Subject
    ) -> None:
        service = subject.account()
        ticket = service.begin_upload(draft_for(service, picture()), CALLBACK)
        with pytest.raises(ReconnectNeeded):
            subject.with_bad_key("revoked").confirm_upload(ticket)


class SecretDuties:
    """What must not be seen anywhere."""

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    @pytest.mark.parametrize("how", ["page", "cut", "silence", "rejected", "redirect", "busy", "away"])
    def test_no_secret_in_errors_and_logs(
        self, subject: Subject, call: Call, how: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        status, media_type, body = subject.fault(meanings.KEY_REJECTED)
        responses: dict[str, Answer | bytes] = {
            "page": NOT_AS_DOCUMENTED["page"],
            "cut": hangs_up(),
            "silence": hangs(),
            "rejected": http(body, status, media_type),
            "redirect": NOT_AS_DOCUMENTED["redirect"],
            "busy": http(b"", 503),
        }
        with ReplayServer() as server, nothing_listens() as nowhere:
            if how in responses:
                server.queue(responses[how])
            with pytest.raises(ProviderError) as caught:
                call(subject.at(server.url if how in responses else nowhere), subject)
        shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caplog.text
        for secret in subject.secrets():
            assert secret not in shown

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    def test_secrets_echoed_by_the_service_are_not_repeated(self, subject: Subject, call: Call) -> None:
        echo = " ".join(subject.secrets()).replace("&", "&amp;").encode()
        page = http(b"<html><p>You sent " + echo + b"</p></html>", 500, "text/html")
        with ReplayServer() as server:
            error = _error_of(subject, call, page, server)
        shown = "".join(traceback.format_exception(error)) + repr(error)
        for secret in subject.secrets():
            assert secret not in shown

    @pytest.mark.parametrize("how", ["page", "cut", "silence", "busy", "away"])
    def test_no_secret_in_what_is_told_of_a_file(
        self, subject: Subject, how: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        responses: dict[str, Answer | bytes] = {
            "page": NOT_AS_DOCUMENTED["page"],
            "cut": hangs_up(),
            "silence": hangs(),
            "busy": http(b"", 503),
        }
        content, draft = picture(), draft_of(picture())
        with ReplayServer() as server, nothing_listens() as nowhere:
            url = server.url if how in responses else nowhere
            if how in responses:
                server.queue(responses[how])
            ticket = subject.ticket(url, draft)
            with pytest.raises(ProviderError) as caught:
                subject.at(url).send_upload(ticket, draft, io.BytesIO(content))
        shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caplog.text
        for secret in (*subject.secrets(), ticket.data.get("token", "no ticket's token")):
            assert secret not in shown

    def test_secrets_are_sent_to_the_service_itself_only(self, subject: Subject) -> None:
        with ReplayServer() as elsewhere, ReplayServer() as server:
            away = http(b"", 307, headers=[("Location", f"http://localhost:{elsewhere.port}/")])
            for call in CALLS.values():
                _error_of(subject, call, away, server)
            assert elsewhere.requests == []
