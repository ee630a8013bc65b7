"""Each of the fifteen statuses of uploadPost.html, by its true cause (docs/protocols/sapo.md, upload)."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from providers.sapo.server.models import Image, Person, UploadToken
from providers.sapo.server.photo_store import remove_image
from providers.server.faults.models import FaultPlan
from tests.support.sapo_media import (
    SPECIMENS,
    ana,
    fetch,
    form,
    painted,
    pending,
    post,
    send,
    stored,
    ticket,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def error(status: str, message: str) -> bytes:
    """The recorded answer, byte for byte, with another status in it."""
    recorded = (SPECIMENS / "upload-error.xml").read_text()
    return recorded.replace("INVALID_TOKEN", status).replace("Invalid token", message).encode()


def assert_refused(image: Image) -> None:
    """Nothing half-done: the photo waits as before, and no file of it is anywhere."""
    image.refresh_from_db()
    assert image.is_pending and image.file_name == ""
    assert not list(Path(default_storage.path("")).rglob(f"*{image.uid}*"))
    assert not any(Path(default_storage.path("incoming")).iterdir())


def test_a_stored_file_is_told_with_all_its_pictures(live_server: LiveServer) -> None:
    image = pending(ana())
    reply = send(live_server.url, ticket(image), painted("png", 300, 200))
    assert reply.status == 200
    assert reply.headers["content-length"] == str(len(reply.body))
    assert reply.headers["content-type"] == "text/xml; charset=utf-8"
    assert reply.body.startswith(
        b'<?xml version="1.0"?>\n<uploadPost><Ok/><Result>SUCCESS</Result><views><view><size>large</size>'
        b"<requestWidth>1600</requestWidth><requestHeight>1200</requestHeight><url>http://"
    )
    assert reply.body.endswith(b"</url></view></views></uploadPost>")
    assert (
        len(
            re.findall(
                rb"<view><size>[^<]+</size><requestWidth>\d+</requestWidth>"
                rb"<requestHeight>\d+</requestHeight><url>[^<]+</url></view>",
                reply.body,
            )
        )
        == 10
    )
    image.refresh_from_db()
    assert (image.is_pending, image.format, image.width, image.height) == (False, "png", 300, 200)
    assert image.owner.image_count == 1 and image.owner.stored_bytes == image.byte_size > 0
    assert default_storage.open(image.file_name).read() == painted("png", 300, 200)


@pytest.mark.parametrize(
    "body", [b"", b"--b0--\r\n", form(("photo", "a.jpg", b"x")), form(("token", None, b" "))]
)
def test_a_form_without_a_token_is_told_that_it_is_missing(live_server: LiveServer, body: bytes) -> None:
    reply = post(live_server.url, body)
    assert (reply.status, reply.body) == (200, error("MISSING_TOKEN", "Missing token from POST vars"))
    assert reply.headers["content-length"] == str(len(reply.body))


def test_a_visit_without_a_form_is_told_that_the_token_is_missing(live_server: LiveServer) -> None:
    for method in ("GET", "POST"):
        assert b"MISSING_TOKEN" in fetch(live_server.url, method, "/services/sapo/uploadPost.html").body


def test_an_unknown_token_is_invalid_in_the_recorded_bytes(live_server: LiveServer) -> None:
    reply = send(live_server.url, "never-issued", painted())
    assert (reply.status, reply.body) == (200, (SPECIMENS / "upload-error.xml").read_bytes())


def test_a_token_older_than_ten_minutes_is_invalid(live_server: LiveServer) -> None:
    image = pending(ana())
    assert b"<Result>INVALID_TOKEN<" in send(live_server.url, ticket(image, -1), painted()).body
    assert_refused(image)


def test_a_token_whose_photo_was_deleted_meanwhile_names_an_invalid_image(live_server: LiveServer) -> None:
    image = pending(ana())
    token = ticket(image)
    remove_image(image)
    reply = send(live_server.url, token, painted())
    assert reply.body == error("INVALID_IMAGE", "Invalid image referenced by token")


def test_a_second_token_cannot_replace_a_stored_file(live_server: LiveServer) -> None:
    image = stored(ana(), painted("png"))
    assert b"INVALID_IMAGE" in send(live_server.url, ticket(image), painted("gif")).body
    image.refresh_from_db()
    assert image.format == "png"


@pytest.mark.parametrize("state", [{"is_banned": True}, {"is_active": False}])
def test_a_banned_person_is_an_invalid_owner(live_server: LiveServer, state: dict[str, bool]) -> None:
    image = pending(ana())
    token = ticket(image)
    Person.objects.update(**state)
    reply = send(live_server.url, token, painted())
    assert reply.body == error("INVALID_OWNER", "Invalid owner, user is probably banned")
    assert_refused(image)


def test_a_used_token_is_exhausted(live_server: LiveServer) -> None:
    image = pending(ana())
    token = ticket(image)
    assert b"SUCCESS" in send(live_server.url, token, painted("png")).body
    assert send(live_server.url, token, painted("gif")).body == error("EXHAUSTED_TOKEN", "Token exhausted")
    image.refresh_from_db()
    assert image.format == "png"


def test_a_form_without_a_file_is_told_so(live_server: LiveServer) -> None:
    image = pending(ana())
    token = ticket(image).encode()
    empty_choice = form(("token", None, token), ("photo", "", b""))
    for body in (form(("token", None, token)), empty_choice):
        assert post(live_server.url, body).body == error("NO_FILE", "No file was sent")
    plain = post(live_server.url, b"token=" + token, "application/x-www-form-urlencoded")
    assert b"<Result>NO_FILE<" in plain.body
    assert_refused(image)


def test_two_files_at_once_are_too_many(live_server: LiveServer) -> None:
    image = pending(ana())
    parts = [("token", None, ticket(image).encode()), ("a", "a.jpg", painted()), ("b", "b.jpg", painted())]
    reply = post(live_server.url, form(*parts))
    assert reply.body == error("FILE_COUNT_EXCEEDED", "Only allowed to upload one file at a time")
    assert_refused(image)


def with_foreign_bytes(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + b"\xff\x17\xff\xe7 not of this picture" + content[middle + 25 :]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
BAD_FILES: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"I am no picture" * 100,
    "svg": lambda: SVG,
    "truncated jpeg": lambda: painted("jpeg", 900, 700)[:-4000],
    "truncated png": lambda: painted("png", 900, 700)[:-4000],
    "jpeg with foreign bytes in its pixels": lambda: with_foreign_bytes(painted("jpeg", 900, 700)),
    "png with a changed byte": lambda: with_foreign_bytes(painted("png", 900, 700)),
    "only a header": lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "a format that the service has no name for": lambda: painted("webp"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_what_is_no_whole_picture_is_an_invalid_file(live_server: LiveServer, name: str) -> None:
    image = pending(ana())
    reply = send(live_server.url, ticket(image), BAD_FILES[name]())
    assert reply.body == error("INVALID_FILE", "Invalid file for upload")
    assert_refused(image)


def test_a_picture_of_too_many_pixels_is_refused(live_server: LiveServer, settings: Settings) -> None:
    settings.SERVER_MAX_PIXELS = 160 * 120 - 1
    image = pending(ana())
    assert b"<Result>INVALID_FILE<" in send(live_server.url, ticket(image), painted()).body
    assert_refused(image)


def test_the_last_place_is_the_last(live_server: LiveServer) -> None:
    owner = ana(max_images=1)
    stored(owner)
    image = pending(owner)
    reply = send(live_server.url, ticket(image), painted())
    message = "User exceeded maximum allowed total of images of 1"
    assert reply.body == error("FILE_LIMIT_QUOTA_EXCEEDED", message)
    assert_refused(image)


def test_a_file_above_the_accounts_size_is_refused(live_server: LiveServer) -> None:
    image = pending(ana(max_file_bytes=len(painted()) - 1))
    reply = send(live_server.url, ticket(image), painted())
    message = f"User exceeded file quota size of {len(painted()) - 1}"
    assert reply.body == error("FILE_SIZE_QUOTA_EXCEEDED", message)
    assert_refused(image)


def test_a_file_that_fits_the_quotas_to_the_byte_is_taken(live_server: LiveServer) -> None:
    size = len(painted())
    image = pending(ana(max_images=1, max_file_bytes=size, max_storage_bytes=size))
    assert b"SUCCESS" in send(live_server.url, ticket(image), painted()).body


def test_a_full_storage_takes_no_more(live_server: LiveServer) -> None:
    owner = ana(max_storage_bytes=2 * len(painted()) - 1)
    stored(owner)
    image = pending(owner)
    reply = send(live_server.url, ticket(image), painted())
    message = f"User exceeded total storage quota of {2 * len(painted()) - 1}"
    assert reply.body == error("TOTAL_STORAGE_QUOTA_EXCEEDED", message)
    assert_refused(image)


def test_a_picture_below_the_smallest_size_is_refused(live_server: LiveServer) -> None:
    image = pending(ana(min_width=161, min_height=100))
    reply = send(live_server.url, ticket(image), painted())
    message = "File does not fulfill minimum dimensions requirements of 161x100"
    assert reply.body == error("INVALID_DIMENSIONS", message)
    assert_refused(image)


def test_a_file_that_the_disk_does_not_take_is_a_problem_saving(live_server: LiveServer) -> None:
    image = pending(ana())
    token = ticket(image)
    # Where the folder of the photos belongs there is a file: keeping another fails on the disk.
    Path(default_storage.path("sapo")).write_bytes(b"in the way")
    reply = send(live_server.url, token, painted())
    assert reply.body == error("PROBLEMS_SAVING_IMAGE", "Problems saving image. Contact the tech support")
    assert_refused(image)
    default_storage.delete("sapo")
    assert b"SUCCESS" in send(live_server.url, token, painted()).body


def test_a_file_above_the_sites_size_is_an_invalid_upload(
    live_server: LiveServer, settings: Settings
) -> None:
    settings.SERVER_MAX_FILE_BYTES = 1000
    image = pending(ana(max_file_bytes=10**9))
    message = "Invalid upload, possibly max upload size of 1000 bytes exceeded"
    for excess in (1, 50_000, 400_000):
        reply = send(live_server.url, ticket(image), b"\xff\xd8\xff" + bytes(997 + excess))
        assert reply.body == error("INVALID_UPLOAD", message)
    assert_refused(image)


def test_a_refused_file_leaves_the_token_to_bring_another(live_server: LiveServer) -> None:
    image = pending(ana())
    token = ticket(image)
    assert b"INVALID_FILE" in send(live_server.url, token, b"no picture").body
    assert b"SUCCESS" in send(live_server.url, token, painted()).body


def test_tokens_are_stored_as_hashes_only(live_server: LiveServer) -> None:
    token = ticket(pending(ana()))
    send(live_server.url, token, painted())
    row = UploadToken.objects.values().get()
    assert token not in str(row)


def test_a_planned_fault_is_played_once(live_server: LiveServer) -> None:
    image = pending(ana())
    token = ticket(image)
    FaultPlan.objects.create(server="sapo", operation="uploadPost", kind="error", code="EXHAUSTED_TOKEN")
    assert b"EXHAUSTED_TOKEN" in send(live_server.url, token, painted()).body
    assert_refused(image)
    assert b"SUCCESS" in send(live_server.url, token, painted()).body
