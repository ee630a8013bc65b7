"""Files on their way in: a line that breaks, a disk that is full."""

import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from gallery.uploads.files import FOLDER, incoming_folder, local_path
from gallery.uploads.models import Upload
from tests.support.fake_service import FakeServiceServer
from tests.support.linking import link, offered
from tests.support.painting import picture
from tests.support.sapo_site import signed_in

pytestmark = pytest.mark.django_db

APPLE = picture(text="apple")
MIB = 1024 * 1024


@pytest.fixture
def sender(alice: User) -> Iterator[tuple[Client, int]]:
    with FakeServiceServer() as server, offered(server.url):
        yield signed_in(alice), link(alice).pk


@contextmanager
def disk_that_takes(byte_size: int) -> Iterator[None]:
    """The system itself refuses to let any file of this process grow beyond that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (byte_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def a_file(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def stored_files() -> list[str]:
    folder = local_path(FOLDER)
    assert folder is not None and incoming_folder() is not None
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_file_that_finds_no_room_is_said_and_the_others_are_kept(sender: tuple[Client, int]) -> None:
    client, account = sender
    before = stored_files()
    files = [a_file(APPLE + bytes(33 * MIB), "large.jpg"), a_file(APPLE, "small.jpg")]
    with disk_that_takes(32 * MIB):
        answer = client.post(
            reverse("uploads:new"), {"account": account, "description": "kept text", "files": files}
        )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "could not save the file" in page and "large.jpg" in page and "kept text" in page
    upload = Upload.objects.get()
    assert upload.filename == "small.jpg"
    assert set(stored_files()) - set(before) == {str(upload.file).rpartition("/")[2]}


@pytest.mark.parametrize("call", ["fsync", "replace", "mkdir"])
def test_disk_that_fails_at_any_call_is_said_and_leaves_nothing(
    sender: tuple[Client, int], call: str
) -> None:
    client, account = sender
    before = stored_files()
    trouble = OSError(5, "Input/output error")
    place = {"fsync": "os.fsync", "replace": "pathlib.Path.replace", "mkdir": "pathlib.Path.mkdir"}
    with mock.patch(place[call], side_effect=trouble):
        answer = client.post(
            reverse("uploads:new"), {"account": account, "files": [a_file(APPLE, "apple.jpg")]}
        )
    assert answer.status_code == 422 and "could not save the file" in answer.content.decode()
    assert not Upload.objects.exists() and stored_files() == before


def test_folder_that_cannot_be_synced_keeps_no_file_without_a_row(sender: tuple[Client, int]) -> None:
    client, account = sender
    before = stored_files()
    with mock.patch("os.fsync", side_effect=[None, OSError(5, "Input/output error")]):
        client.post(reverse("uploads:new"), {"account": account, "files": [a_file(APPLE, "apple.jpg")]})
    assert not Upload.objects.exists() and stored_files() == before


def test_database_that_is_away_is_said_and_leaves_no_file(sender: tuple[Client, int]) -> None:
    client, account = sender
    before = stored_files()
    with mock.patch.object(Upload.objects, "create", side_effect=OperationalError("database is locked")):
        answer = client.post(
            reverse("uploads:new"), {"account": account, "files": [a_file(APPLE, "apple.jpg")]}
        )
    assert answer.status_code == 422 and "could not save the file" in answer.content.decode()
    assert not Upload.objects.exists() and stored_files() == before


@pytest.mark.parametrize("cut", [1, 40, 300, 4000])
def test_form_that_broke_off_brings_nothing(sender: tuple[Client, int], cut: int) -> None:
    """What is left would pass for a picture: behind its end lie bytes that no decoder asks for."""
    client, account = sender
    before = stored_files()
    whole = encode_multipart(
        BOUNDARY, {"account": account, "files": [a_file(APPLE + bytes(9000), "apple.jpg")]}
    )
    client.request(
        REQUEST_METHOD="POST", PATH_INFO=reverse("uploads:new"), CONTENT_TYPE=MULTIPART_CONTENT,
        CONTENT_LENGTH=str(len(whole)), **{"wsgi.input": io.BytesIO(whole[:-cut])},
    )  # fmt: skip
    assert not Upload.objects.exists() and stored_files() == before
