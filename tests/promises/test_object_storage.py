"""Files on object storage, kept by a real S3 server: what comes back, and what happens without it."""

import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from urllib.error import URLError

import boto3
import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from gallery.health import forget_answers
from gallery.storage import s3_options
from gallery.uploads.files import clear_strays, forget_file
from gallery.uploads.models import Upload
from providers.orange.server.models import MediaObject
from providers.sapo.server.media import picture_paths
from providers.sapo.server.models import UploadToken
from tests.support.fake_service import FakeServiceServer
from tests.support.linking import link, offered, upload_of
from tests.support.orange_kit import PICTURES, body_of, caller_for, root_of
from tests.support.painting import picture, size_of
from tests.support.running_site import free_port, wait_for
from tests.support.sapo_media import ana, pending, ticket

pytestmark = pytest.mark.django_db


class Store:
    """One S3 server with one bucket; `url` is its STORAGE_URL."""

    def __init__(self) -> None:
        port = free_port()
        self.url = f"s3://KEY:SECRET@127.0.0.1:{port}/pomar?tls=0&region=eu-west-1"
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert wait_for(lambda: self._is_ready(port), 60)
        self.client = boto3.client(
            "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="eu-west-1",
            aws_access_key_id="KEY", aws_secret_access_key="SECRET",
        )  # fmt: skip
        self.client.create_bucket(
            Bucket="pomar", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )

    def names(self) -> list[str]:
        return [each["Key"] for each in self.client.list_objects_v2(Bucket="pomar").get("Contents", [])]

    def stops(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def _is_ready(self, port: int) -> bool:
        assert self._process.poll() is None
        try:
            return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=5).status)
        except URLError:
            return False


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    store = Store()
    yield store
    store.stops()


@pytest.fixture
def store(server: Store, settings: Settings) -> Store:
    on(server.url, settings)
    for name in server.names():
        server.client.delete_object(Bucket="pomar", Key=name)
    return server


def on(url: str, settings: Settings) -> None:
    """The site's files lie at `url` from now on."""
    own = {"BACKEND": "gallery.storage.ObjectStorage", "OPTIONS": s3_options(url)}
    settings.STORAGES = {**settings.STORAGES, "default": own}


def lost() -> str:
    """A store that nobody answers for."""
    return f"s3://KEY:SECRET@127.0.0.1:{free_port()}/pomar?tls=0"


def test_file_of_an_upload_is_kept_in_the_bucket_until_it_is_let_go(alice: User, store: Store) -> None:
    content = picture(text="apple")
    with FakeServiceServer() as service, offered(service.url):
        upload = upload_of(link(alice), content)
        assert store.names() == [upload.file.name]
        with Upload.objects.get().file.open("rb") as file:
            assert file.read() == content
        default_storage.save("uploads/2020-01-01/stray.jpeg", upload.file)
        assert clear_strays() == 0, "it came today"
        forget_file(upload)
    assert store.names() == ["uploads/2020-01-01/stray.jpeg"]


def test_orange_server_keeps_and_shows_pictures_from_the_bucket(alice: User, store: Store) -> None:
    content = picture(width=1200, height=600)
    caller = caller_for(alice)
    assert root_of(caller.add(content)).get("code") == "3201"
    photo = MediaObject.objects.get()
    assert len(store.names()) == 3, "the original and the two sizes that are made ahead"
    address = f"{PICTURES}?cid={photo.cyphered_id}"
    assert body_of(Client().get(address)) == content
    assert size_of(body_of(Client().get(f"{address}&width=320&height=320"))) == (320, 160)


def test_sapo_server_keeps_and_shows_pictures_from_the_bucket(store: Store) -> None:
    image, content = pending(ana()), picture(width=1024, height=768)
    form = {"token": ticket(image), "file": SimpleUploadedFile("praia.jpg", content)}
    assert b"SUCCESS" in Client().post("/services/sapo/uploadPost.html", form).content
    image.refresh_from_db()
    assert image.file_name in store.names()
    (_, original), (box, small) = picture_paths(image)[:2]
    assert body_of(Client().get(f"/services/sapo/{original}")) == content
    assert max(size_of(body_of(Client().get(f"/services/sapo/{small}")))) == box.width
    head = Client().head(f"/services/sapo/{original}")
    assert head["Content-Length"] == str(len(content))


def test_health_names_the_storage_that_does_not_answer(store: Store, settings: Settings) -> None:
    assert Client().get("/health/ready/").json()["storage"] == "ok"
    on(lost(), settings)
    forget_answers()
    answer = Client().get("/health/ready/")
    assert (answer.status_code, answer.json()["storage"]) == (503, "failing")


def test_file_that_the_storage_does_not_take_is_refused_in_words(
    alice: User, settings: Settings, client: Client
) -> None:
    client.force_login(alice)
    on(lost(), settings)
    with FakeServiceServer() as service, offered(service.url):
        account = link(alice)
        file = SimpleUploadedFile("apple.jpg", picture())
        answer = client.post("/uploads/new/", {"account": account.pk, "key": "a" * 32, "files": file})
    assert answer.status_code == 422
    assert "apple.jpg" in answer.content.decode()
    assert not Upload.objects.exists()


def test_orange_picture_is_not_called_gone_while_the_storage_does_not_answer(
    alice: User, store: Store, settings: Settings
) -> None:
    caller = caller_for(alice)
    caller.add(picture())
    address = f"{PICTURES}?cid={MediaObject.objects.get().cyphered_id}"
    on(lost(), settings)
    for query in ("", "&width=40&height=40"):
        answer = Client().get(address + query)
        assert answer.status_code == 503
        assert "max-age" not in answer.get("Cache-Control", "")
    assert root_of(caller.add(picture(text="another"))).findtext("error-code") == "9099"
    assert MediaObject.objects.count() == 1


def test_sapo_upload_may_be_repeated_when_the_storage_did_not_answer(
    store: Store, settings: Settings
) -> None:
    image = pending(ana())
    token, content = ticket(image), picture()
    on(lost(), settings)
    file = SimpleUploadedFile("praia.jpg", content)
    answer = Client().post("/services/sapo/uploadPost.html", {"token": token, "file": file})
    assert b"PROBLEMS_SAVING_IMAGE" in answer.content
    assert UploadToken.objects.get().used_at is None
    on(store.url, settings)
    file = SimpleUploadedFile("praia.jpg", content)
    answer = Client().post("/services/sapo/uploadPost.html", {"token": token, "file": file})
    assert b"SUCCESS" in answer.content


@pytest.mark.parametrize(
    "url",
    ["https://KEY:SECRET@host/bucket", "s3://host/bucket", "s3://KEY:SECRET@host", "s3://K:S@host:x/bucket"],
)
def test_address_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        s3_options(url)
