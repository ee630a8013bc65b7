"""The pages of uploads, as a browser without script meets them."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gallery.library.models import Album, Photo
from gallery.uploads.files import incoming_folder
from gallery.uploads.models import Upload, UploadBatch
from gallery.uploads.states import Status
from tests.support.fake_service import Truth
from tests.support.jobs import send_upload
from tests.support.linking import link, upload_of
from tests.support.painting import huge_png, picture
from tests.support.sapo_site import signed_in

pytestmark = pytest.mark.django_db

APPLE = picture(text="apple")
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


def incoming() -> Path:
    folder = incoming_folder()
    assert folder is not None
    return folder


def a_file(content: bytes, name: str = "apple.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def test_files_of_one_form_are_accepted_and_listed(alice: User, truth: Truth) -> None:
    account, client = link(alice), signed_in(alice)
    files = [a_file(picture(text=f"{n}"), f"{n}.jpg") for n in range(3)]
    form = {"account": account.pk, "title": "Harvest & home", "tags": "red, ripe;sweet red", "files": files}
    answer = client.post(reverse("uploads:new"), form)
    batch = UploadBatch.objects.get()
    assert answer.status_code == 302 and answer["Location"] == reverse("uploads:batch", args=[batch.pk])
    uploads = Upload.objects.order_by("pk")
    assert [upload.filename for upload in uploads] == ["0.jpg", "1.jpg", "2.jpg"]
    assert uploads[0].tags == ["red", "ripe", "sweet"]
    assert uploads[0].file.read() == picture(text="0")
    page = client.get(answer["Location"]).content.decode()
    assert "Safe with Pomar" in page and "In line" in page and "3 files, 3 on their way" in page


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.jpg", b"", "empty"),
        ("notes.jpg", b"dear diary", "The name ends in .jpg, but this is not a picture. Nothing was sent."),
        ("drawing.svg", SVG, "The name ends in .svg, but this is not a picture."),
        ("cut.jpg", picture(width=640, height=480, text="cut")[:-900], "damaged or cut off"),
        ("huge.png", huge_png(), "megapixels"),
        ("scan.bmp", picture("bmp"), "does not take this kind of picture"),
    ],
)
def test_bad_file_is_refused_in_words_and_the_others_are_kept(
    alice: User, truth: Truth, name: str, content: bytes, message: str
) -> None:
    account, client = link(alice), signed_in(alice)
    files = [a_file(content, name), a_file(APPLE)]
    form = {"account": account.pk, "title": "My harvest", "description": "A basket", "files": files}
    answer = client.post(reverse("uploads:new"), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page and name in page
    assert "My harvest" in page and "A basket" in page  # nothing has to be typed again
    assert [upload.filename for upload in Upload.objects.all()] == ["apple.jpg"]


def test_file_above_the_limit_is_dropped_on_the_way_and_the_others_are_kept(
    alice: User, truth: Truth, settings: object
) -> None:
    settings.UPLOAD_MAX_FILE_BYTES = len(APPLE) + 10  # type: ignore[attr-defined]
    account, client = link(alice), signed_in(alice)
    files = [a_file(b"\xff\xd8\xff" + b"x" * 700_000, "big.jpg"), a_file(APPLE)]
    answer = client.post(reverse("uploads:new"), {"account": account.pk, "files": files})
    assert "The file is larger than" in answer.content.decode()
    assert [upload.filename for upload in Upload.objects.all()] == ["apple.jpg"]


def test_nothing_is_left_of_a_refused_file(alice: User, truth: Truth) -> None:
    account, client = link(alice), signed_in(alice)
    client.post(reverse("uploads:new"), {"account": account.pk, "files": [a_file(b"no", "a.jpg")]})
    client.post(reverse("uploads:new"), {"account": 0, "files": [a_file(APPLE)]})
    assert not list(incoming().iterdir())


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("tags", "summer; costa#nova", "Write costa_nova."),
        ("title", "t" * 10_000, "at most 200 characters"),
        ("title", "bell\x07", "cannot be sent"),
        ("account", "999999", "no longer linked"),
        ("album", "999999", "not in the account"),
    ],
)
def test_words_that_cannot_be_sent_are_said_where_they_stand(
    alice: User, truth: Truth, field: str, text: str, message: str
) -> None:
    account, client = link(alice), signed_in(alice)
    form = {"account": account.pk, "description": "kept text", field: text}
    answer = client.post(reverse("uploads:new"), {**form, "files": [a_file(APPLE)]})
    assert answer.status_code == 422
    assert message in answer.content.decode() and "kept text" in answer.content.decode()
    assert not Upload.objects.exists()


def test_unusual_words_and_names_arrive_as_they_are(alice: User, truth: Truth) -> None:
    account, client = link(alice), signed_in(alice)
    title = "]]> <b>Pêra</b> \U0001f350"
    name = "p\u202eê" * 200 + ".jpg"
    client.post(
        reverse("uploads:new"), {"account": account.pk, "title": title, "files": [a_file(APPLE, name)]}
    )
    upload = Upload.objects.get()
    send_upload(upload.pk)
    [stored] = truth.photos.values()
    assert stored["title"] == title
    assert "\u202e" not in upload.filename and upload.filename.endswith(".jpg")
    page = client.get(reverse("uploads:list")).content.decode()
    assert "<b>Pêra</b>" not in page


def test_same_file_posted_again_by_the_same_form_is_the_same_upload(alice: User, truth: Truth) -> None:
    account, client = link(alice), signed_in(alice)
    form = {"account": account.pk, "key": "2f0a3c9e-54a4-4b0e-9a53-0c8d5a9b1f10"}
    for _ in range(3):
        answer = client.post(
            reverse("uploads:new"), {**form, "files": [a_file(APPLE)]}, headers={"X-One-File": "1"}
        )
        assert answer.status_code == 201 and b"upload-row" in answer.content
    assert Upload.objects.count() == 1


def test_picture_that_is_already_there_is_asked_about(alice: User, truth: Truth) -> None:
    account, client = link(alice), signed_in(alice)
    first = upload_of(account, APPLE)
    send_upload(first.pk)
    second, third = upload_of(account, APPLE, "again.jpg"), upload_of(account, APPLE, "third.jpg")
    assert second.status == third.status == Status.ASKING
    send_upload(second.pk)
    assert truth.copies_of(APPLE) == 1
    page = client.get(reverse("uploads:batch", args=[second.batch_id])).content.decode()
    assert "The same picture is already here: apple." in page and "Keep both" in page
    client.post(reverse("uploads:cancel", args=[second.pk]))
    client.post(reverse("uploads:send_anyway", args=[third.pk]))
    second.refresh_from_db()
    assert second.status == Status.CANCELLED
    send_upload(third.pk)
    assert truth.copies_of(APPLE) == 2


def test_picture_that_the_library_knows_is_asked_about(alice: User, truth: Truth) -> None:
    account = link(alice)
    Photo.objects.create(
        account=account, owner=alice, remote_id="x", title="Old apple", filename="apple.jpg",
        byte_size=len(APPLE), taken_at=timezone.now(), fingerprint="f",
    )  # fmt: skip
    assert upload_of(account, APPLE).status == Status.ASKING
    assert upload_of(account, APPLE, "other.jpg").status == Status.QUEUED


@pytest.mark.parametrize(
    ("code", "message", "step"),
    [
        ("FILE_SIZE_QUOTA_EXCEEDED", "Send a smaller copy (we can make it)", "smaller"),
        ("TOTAL_STORAGE_QUOTA_EXCEEDED", "Your SAPO account is full.", "retry"),
        ("9008", "answer that we do not know (9008)", "change"),
    ],
)
def test_refusal_shows_its_sentence_and_the_next_step(
    alice: User, truth: Truth, code: str, message: str, step: str
) -> None:
    account, client = link(alice), signed_in(alice)
    upload = upload_of(account, APPLE)
    Upload.objects.filter(pk=upload.pk).update(status=Status.FAILED, reason=code)
    if code != "9008":
        type(account).objects.filter(pk=account.pk).update(kind="sapo")
    page = client.get(reverse("uploads:list") + "?show=asking").content.decode()
    assert message in page and f"<code>{code}</code>" in page
    assert reverse(f"uploads:{step}", args=[upload.pk]) in page


def test_retry_cancel_and_undo_by_plain_posts(alice: User, truth: Truth) -> None:
    client, upload = signed_in(alice), upload_of(link(alice), APPLE)
    for act, status in (("cancel", "cancelled"), ("retry", "queued"), ("cancel", "cancelled")):
        answer = client.post(reverse(f"uploads:{act}", args=[upload.pk]))
        assert answer.status_code == 302
        upload.refresh_from_db()
        assert upload.status == status
    assert client.get(reverse("uploads:retry", args=[upload.pk])).status_code == 405
    client.post(reverse("uploads:retry", args=[upload.pk]))
    send_upload(upload.pk)
    answer = client.post(reverse("uploads:cancel", args=[upload.pk]), follow=True)
    assert "has changed in the meantime" in answer.content.decode()


def test_refused_file_goes_to_another_account_with_another_title(alice: User, truth: Truth) -> None:
    account, other, client = link(alice), link(alice, "listed"), signed_in(alice)
    album = Album.objects.create(account=other, owner=alice, remote_id="a1", title="Shelf")
    truth.albums["a1"] = "Shelf"
    upload = upload_of(account, APPLE)
    truth.faults["send"].append("FILE_LIMIT_QUOTA_EXCEEDED")
    send_upload(upload.pk)
    url = reverse("uploads:change", args=[upload.pk])
    assert "Shelf" in client.get(f"{url}?account={other.pk}").content.decode()
    client.post(url, {"account": other.pk, "album": album.pk, "title": "Second home"})
    upload.refresh_from_db()
    assert (upload.account, upload.takes_turns) == (other, True)
    send_upload(upload.pk)
    [stored] = truth.photos.values()
    assert (stored["title"], stored["album"]) == ("Second home", "a1")


def test_smaller_copy_takes_the_place_of_a_file_that_is_too_large(alice: User, truth: Truth) -> None:
    large = picture(width=3200, height=2400, text="large")
    upload = upload_of(link(alice), large)
    old = str(upload.file)
    Upload.objects.filter(pk=upload.pk).update(status=Status.FAILED, reason="FILE_SIZE_QUOTA_EXCEEDED")
    signed_in(alice).post(reverse("uploads:smaller", args=[upload.pk]))
    upload.refresh_from_db()
    assert upload.status == Status.QUEUED
    assert (upload.width, upload.height) == (2560, 1920) and upload.byte_size < len(large)
    assert str(upload.file) != old and not upload.file.storage.exists(old)
    send_upload(upload.pk)
    [stored] = truth.photos.values()
    assert stored["byte_size"] == upload.byte_size


def test_carol_sees_nothing_of_alice(alice: User, carol: User, truth: Truth) -> None:
    account = link(alice)
    upload = upload_of(account, picture(text="secret"), "secret-name.jpg")
    send_upload(upload.pk)
    Upload.objects.filter(pk=upload.pk).update(status=Status.FAILED, reason="refused")
    client = signed_in(carol)
    for name in ("row", "preview", "change", "prepare"):
        assert client.get(reverse(f"uploads:{name}", args=[upload.pk])).status_code == 404
    for name in ("retry", "cancel", "send_anyway", "smaller", "change"):
        assert client.post(reverse(f"uploads:{name}", args=[upload.pk])).status_code == 404
    assert client.get(reverse("uploads:batch", args=[upload.batch_id])).status_code == 404
    pages = [reverse("uploads:list"), reverse("uploads:new"), reverse("uploads:straight")]
    changes = f"{reverse('uploads:changes')}?of={upload.batch_id}&since=2020-01-01T00:00:00%2B00:00"
    for url in (*pages, changes):
        page = client.get(url).content.decode()
        assert "secret-name" not in page and account.label not in page
    posted = {"account": account.pk, "files": [a_file(APPLE)]}
    assert client.post(reverse("uploads:new"), posted).status_code == 422
    upload.refresh_from_db()
    assert upload.status == Status.FAILED and Upload.objects.count() == 1


def test_pages_need_a_person(client: Client, db: None) -> None:
    for url in (reverse("uploads:list"), reverse("uploads:new"), reverse("uploads:row", args=[1])):
        assert client.get(url).status_code == 302


def test_form_needs_its_csrf_token(alice: User, truth: Truth) -> None:
    account, client = link(alice), Client(enforce_csrf_checks=True)
    client.force_login(alice)
    form: dict[str, object] = {"account": account.pk}
    refused = client.post(reverse("uploads:new"), {**form, "files": [a_file(APPLE)]})
    assert refused.status_code == 403 and not Upload.objects.exists()
    assert not list(incoming().iterdir())
    client.get(reverse("uploads:new"))
    form["csrfmiddlewaretoken"] = client.cookies["pomar_csrf"].value
    assert client.post(reverse("uploads:new"), {**form, "files": [a_file(APPLE)]}).status_code == 302


def test_too_many_files_are_said_in_words(alice: User, truth: Truth, settings: object) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2  # type: ignore[attr-defined]
    files = [a_file(picture(text=f"{n}"), f"{n}.jpg") for n in range(3)]
    answer = signed_in(alice).post(reverse("uploads:new"), {"account": link(alice).pk, "files": files})
    assert answer.status_code == 413 and "more than 2 files" in answer.content.decode()
    assert not list(incoming().iterdir())
    assert not Upload.objects.exists()
