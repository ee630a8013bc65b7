"""A file that the browser brings to the service itself, and the callback that follows."""

import re
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialToken
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gallery.uploads.delivery.tickets import callback_url
from gallery.uploads.models import Upload
from gallery.uploads.states import Status
from tests.support.fake_service import Truth
from tests.support.jobs import send_upload
from tests.support.linking import link
from tests.support.painting import picture
from tests.support.sapo_site import signed_in

pytestmark = pytest.mark.django_db

APPLE = picture(text="apple")
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


def straight_upload(alice: User) -> tuple[Client, Upload]:
    account, client = link(alice), signed_in(alice)
    form = {"account": account.pk, "title": "Straight"}
    answer = client.post(reverse("uploads:straight"), form)
    upload = Upload.objects.get()
    assert answer["Location"] == reverse("uploads:prepare", args=[upload.pk])
    return client, upload


def test_browser_brings_the_file_itself(alice: User, truth: Truth) -> None:
    import requests

    client, upload = straight_upload(alice)
    url = reverse("uploads:prepare", args=[upload.pk])
    waiting = client.get(url)
    assert 'http-equiv="refresh"' in waiting.content.decode()
    assert "form-action 'self';" in waiting["Content-Security-Policy"] + ";"
    assert "begin" not in truth.operations  # a page asks no service
    send_upload(upload.pk)
    upload.refresh_from_db()
    page = client.get(url)
    signed = callback_url(upload.callback_key)
    assert signed in page.content.decode() and 'type="file"' in page.content.decode()
    host = page.content.decode().split('enctype="multipart/form-data" action="')[1].split("/send")[0]
    assert host in page["Content-Security-Policy"]
    ticket = next(iter(truth.tickets))
    requests.post(f"{host}/send?ticket={ticket}", files={"photo": ("a.jpg", APPLE)}, timeout=5)
    back = client.get(signed.replace("http://testserver", "") + "?status=SUCCESS")
    assert back["Location"] == url
    from tests.support.jobs import confirm_upload

    confirm_upload(upload.pk)
    assert "Stored" in client.get(url).content.decode()
    assert truth.copies_of(APPLE) == 1


def test_page_of_a_ticket_asks_for_no_new_key(alice: User, truth: Truth) -> None:
    client, upload = straight_upload(alice)
    send_upload(upload.pk)
    SocialToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = client.get(reverse("uploads:prepare", args=[upload.pk]))
    assert 'type="file"' in page.content.decode()


def test_ticket_asked_for_twice_by_one_form_is_one_ticket(alice: User, truth: Truth) -> None:
    account, client = link(alice), signed_in(alice)
    form = {"account": account.pk, "key": "2f0a3c9e-54a4-4b0e-9a53-0c8d5a9b1f10", "title": "Straight"}
    first = client.post(reverse("uploads:straight"), {**form, "tags": "red ripe"})
    again = client.post(reverse("uploads:straight"), {**form, "tags": "red ripe"})
    assert again["Location"] == first["Location"] and Upload.objects.count() == 1
    other = client.post(reverse("uploads:straight"), {**form, "tags": "green"})
    assert other["Location"] != first["Location"] and Upload.objects.count() == 2


def test_lost_callback_is_made_up_for_by_looking(alice: User, truth: Truth) -> None:
    from tests.support.jobs import confirm_upload

    _client, upload = straight_upload(alice)
    send_upload(upload.pk)
    confirm_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.status == Status.AWAITING_CALLBACK  # the person may still be choosing
    past = timezone.now() - timedelta(seconds=1)
    Upload.objects.filter(pk=upload.pk).update(confirm_until=past, next_at=past)
    confirm_upload(upload.pk)
    upload.refresh_from_db()
    assert (upload.status, upload.reason) == (Status.FAILED, "nothing_came")
    assert not truth.tickets


def test_callback_tells_strangers_nothing(alice: User, carol: User, truth: Truth) -> None:
    _client, upload = straight_upload(alice)
    send_upload(upload.pk)
    upload.refresh_from_db()
    path = callback_url(upload.callback_key).replace("http://testserver", "")
    assert Client().head(path).status_code == 200
    forged = path[:-3] + "xx/"
    for client in (Client(), signed_in(carol)):
        for accept in ("*/*", "text/html"):
            real = client.get(path + "?status=SUCCESS", headers={"accept": accept})
            fake = client.get(forged + "?status=SUCCESS", headers={"accept": accept})
            assert real.status_code == fake.status_code == 200
            assert TOKEN.sub(b"", real.content) == TOKEN.sub(b"", fake.content)
            assert b"Straight" not in real.content and b"alice" not in real.content
    assert Client().post(path).status_code == 405
    upload.refresh_from_db()
    assert upload.status == Status.CONFIRMING and truth.copies_of(APPLE) == 0
