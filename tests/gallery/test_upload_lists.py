"""The lists of uploads: long ones, odd addresses, and what changed since."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from gallery.uploads.models import Upload
from gallery.uploads.states import Status
from tests.support.fake_service import Truth
from tests.support.jobs import send_upload
from tests.support.linking import link, upload_of
from tests.support.painting import picture
from tests.support.sapo_site import signed_in

pytestmark = pytest.mark.django_db

APPLE = picture(text="apple")


def test_batch_of_hundreds_is_shown_page_by_page(alice: User, truth: Truth) -> None:
    first, client = upload_of(link(alice), APPLE), signed_in(alice)
    for number in range(250):
        Upload.objects.create(
            batch=first.batch, account=first.account, owner=alice, filename=f"{number}.jpg",
            callback_key=f"k{number}", status=Status.STORED,
        )  # fmt: skip
    url, shown = reverse("uploads:batch", args=[first.batch_id]), []
    while url:
        page = client.get(url).content.decode()
        assert len(page) < 100_000
        shown += re.findall(r'id="upload-(\d+)"', page)
        more = re.search(r'href="(\?after=\d+)"', page)
        url = url.partition("?")[0] + more[1] if more else ""
    assert [int(pk) for pk in shown] == list(Upload.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize("number", ["\u00b2", "9" * 30, "-1", "x", "\0", "\u0663", ""])
def test_odd_numbers_in_an_address_break_no_page(alice: User, truth: Truth, number: str) -> None:
    upload, client = upload_of(link(alice), APPLE), signed_in(alice)
    queries = [
        ("uploads:list", {"before": number}), ("uploads:changes", {"of": number}),
        ("uploads:new", {"account": number}), ("uploads:straight", {"account": number}),
    ]  # fmt: skip
    for name, query in queries:
        assert client.get(reverse(name), query).status_code == 200, (name, query)
    assert client.get(reverse("uploads:batch", args=[upload.batch_id]), {"after": number}).status_code == 200
    assert client.post(reverse("uploads:new"), {"account": number}).status_code == 422


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "soon", "2026"])
def test_odd_time_in_an_address_breaks_no_page(alice: User, truth: Truth, since: str) -> None:
    upload = upload_of(link(alice), APPLE)
    query = {"of": str(upload.batch_id), "since": since}
    assert signed_in(alice).get(reverse("uploads:changes"), query).status_code == 200


def test_changes_bring_only_what_moved_and_stop_at_the_end(alice: User, truth: Truth) -> None:
    account, client = link(alice), signed_in(alice)
    first = upload_of(account, APPLE, key="k")
    second = upload_of(account, picture(text="b"), "b.jpg", key="k")
    Upload.objects.update(updated_at=timezone.now() - timedelta(minutes=1))
    since = (timezone.now() - timedelta(seconds=1)).isoformat()
    send_upload(first.pk)
    url = reverse("uploads:changes")
    page = client.get(url, {"of": str(first.batch_id), "since": since}).content.decode()
    assert f'id="upload-{first.pk}"' in page and f'id="upload-{second.pk}"' not in page
    assert "every 2s" in page
    send_upload(second.pk)
    assert "every 2s" not in client.get(url, {"of": str(first.batch_id), "since": since}).content.decode()
