"""What operators see of uploads, and what they never do."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from gallery.uploads.models import Upload
from gallery.uploads.states import Status
from tests.support.fake_service import Truth
from tests.support.jobs import send_upload
from tests.support.linking import link, upload_of
from tests.support.painting import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("operator", "operator@example.org", "operator-password"))
    return client


def test_admin_shows_an_upload_with_its_events_and_none_of_its_secrets(
    alice: User, truth: Truth, operator: Client
) -> None:
    upload = upload_of(link(alice), picture(text="apple"))
    truth.faults["send"].append("lose")
    send_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.ticket
    changelist = operator.get(reverse("admin:uploads_upload_changelist") + "?q=apple").content.decode()
    page = operator.get(reverse("admin:uploads_upload_change", args=[upload.pk])).content.decode()
    assert "apple.jpg" in changelist and "outcome_unknown" in page and "awaiting_callback" in page
    for secret in (upload.ticket, upload.callback_key, next(iter(truth.tickets)), str(upload.file)):
        assert secret not in page.replace(upload.sha256, "") and secret not in changelist


def test_admin_retries_and_cancels(alice: User, truth: Truth, operator: Client) -> None:
    upload = upload_of(link(alice), picture(text="apple"))
    url = reverse("admin:uploads_upload_changelist")
    for action, status in (("cancel", Status.CANCELLED), ("retry", Status.QUEUED)):
        operator.post(url, {"action": action, "_selected_action": [upload.pk]})
        assert Upload.objects.get(pk=upload.pk).status == status


def test_admin_of_batches_opens(alice: User, truth: Truth, operator: Client) -> None:
    upload = upload_of(link(alice), picture(text="apple"), new_album="Harvest")
    assert "Harvest" in operator.get(reverse("admin:uploads_uploadbatch_changelist")).content.decode()
    page = operator.get(reverse("admin:uploads_uploadbatch_change", args=[upload.batch_id]))
    assert page.status_code == 200
