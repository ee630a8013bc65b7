"""Uploads to a service that names the new photo in its answer, or that shows it later than others."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from gallery.uploads.models import Upload
from gallery.uploads.states import Status
from providers import registry
from tests.support.fake_service import Truth
from tests.support.jobs import confirm_upload, send_upload
from tests.support.linking import link, upload_of
from tests.support.painting import picture

pytestmark = pytest.mark.django_db
APPLE = picture(text="apple")


@pytest.fixture(autouse=True)
def _one_look(settings: Settings) -> None:
    settings.UPLOAD_LOOK_PAUSES = (0.0,)


def _another_of_that_name(truth: Truth) -> None:
    """Somebody brings a photo of the same file name there, just before ours arrives."""
    name = "p0"
    truth.photos = {
        name: {"id": name, "sha256": "", "title": "", "album": "", "filename": "apple.jpg", "byte_size": 1},
        **truth.photos,
    }


@pytest.mark.parametrize("names_new_photo", [True, False])
def test_named_photo_is_never_mistaken_for_another_of_its_name(
    alice: User, truth: Truth, names_new_photo: bool
) -> None:
    truth.names_new_photo = names_new_photo
    truth.before_answer = lambda operation: _another_of_that_name(truth) if operation == "add" else None
    upload = upload_of(link(alice, "listed"), APPLE)
    send_upload(upload.pk)
    upload.refresh_from_db()
    ours = next(key for key, photo in truth.photos.items() if photo["sha256"])
    assert upload.status == Status.STORED
    # Without a name the listing is all there is, and the first new photo of that file name is taken.
    assert (upload.remote_photo_id == ours) is names_new_photo


def test_upload_whose_answer_named_it_and_was_lost_is_found_by_looking(alice: User, truth: Truth) -> None:
    truth.names_new_photo = True
    truth.faults["add"].append("lose")
    upload = upload_of(link(alice, "listed"), APPLE)
    send_upload(upload.pk)
    confirm_upload(upload.pk)
    upload.refresh_from_db()
    assert (upload.status, truth.copies_of(APPLE)) == (Status.STORED, 1)


@pytest.mark.parametrize(("answer", "usual"), [("", timedelta(minutes=10)), ("lose", timedelta(minutes=3))])
def test_photo_that_a_service_shows_later_is_waited_for(
    alice: User, truth: Truth, answer: str, usual: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent again it would be there twice."""
    kinds = dict(registry.kinds())
    day = timedelta(days=1)
    kinds["listed"] = replace(kinds["listed"], accepts=replace(kinds["listed"].accepts, shown_within=day))
    monkeypatch.setattr(registry, "kinds", lambda: kinds)
    monkeypatch.setattr(kinds["listed"].service, "confirm_upload", lambda self, ticket: None)
    if answer:
        truth.faults["add"].append(answer)
    upload = upload_of(link(alice, "listed"), APPLE)
    send_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.status == Status.CONFIRMING and upload.confirm_until
    assert upload.confirm_until > timezone.now() + day - timedelta(minutes=5) > timezone.now() + usual
    assert Upload.objects.count() == 1
