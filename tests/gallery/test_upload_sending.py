"""One upload after the other, with a service that fails in every way it can."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from gallery.accounts.services import note_ok
from gallery.library.models import Photo
from gallery.uploads.delivery import callback as callbacks
from gallery.uploads.delivery import lease
from gallery.uploads.delivery.tickets import callback_url
from gallery.uploads.models import Upload
from gallery.uploads.services import retry_upload
from gallery.uploads.states import Status
from tests.support.fake_service import Truth
from tests.support.jobs import Kind, confirm_upload, is_due, recover_uploads, send_upload
from tests.support.linking import link, upload_of
from tests.support.painting import picture

pytestmark = pytest.mark.django_db

APPLE = picture(text="apple")


@pytest.fixture(autouse=True)
def _short_looks(settings: Settings) -> None:
    """And no renewal of the lease, whose own connection would wait for this test's transaction."""
    settings.UPLOAD_LOOK_PAUSES = (0.0, 0.05)
    settings.LEASE_RENEW_SECONDS = settings.LEASE_SECONDS = 600


def fresh(upload: Upload) -> Upload:
    upload.refresh_from_db()
    return upload


def later(upload: Upload) -> None:
    """As if every wait of this row were over."""
    past = timezone.now() - timedelta(seconds=1)
    row = Upload.objects.get(pk=upload.pk)
    changes = {"next_at": past if row.next_at else None}
    Upload.objects.filter(pk=upload.pk).update(**changes, confirm_until=past if row.confirm_until else None)


@pytest.mark.parametrize("kind", ["ticketed", "listed"])
def test_upload_is_stored_once_and_its_copy_let_go(alice: User, truth: Truth, kind: str) -> None:
    upload = upload_of(link(alice, kind), APPLE)
    path = upload.file.path
    send_upload(upload.pk)
    assert fresh(upload).status == Status.STORED
    assert truth.copies_of(APPLE) == 1
    assert upload.photo == Photo.objects.get(account=upload.account)
    assert not upload.file
    assert not Path(path).exists()
    assert not upload.ticket
    trail = [event.went_to for event in upload.events.all()]
    waiting = ["awaiting_callback"] if kind == "ticketed" else []
    assert trail == ["queued", "sending", *waiting, "confirming", "stored"]


@pytest.mark.parametrize("kind", ["ticketed", "listed"])
def test_lost_answer_is_confirmed_and_not_repeated(alice: User, truth: Truth, kind: str) -> None:
    upload = upload_of(link(alice, kind), APPLE)
    truth.faults["send"].append("lose")
    truth.faults["add"].append("lose")
    send_upload(upload.pk)
    assert fresh(upload).status == Status.CONFIRMING
    assert upload.reason == "outcome_unknown"
    confirm_upload(upload.pk)
    assert fresh(upload).status == Status.STORED
    assert truth.copies_of(APPLE) == 1
    assert truth.operations.count("send") + truth.operations.count("add") == 1


def test_dropped_file_is_sent_again_with_a_new_ticket_once_it_is_certainly_absent(
    alice: User, truth: Truth
) -> None:
    upload = upload_of(link(alice), APPLE)
    truth.faults["send"].append("drop")
    send_upload(upload.pk)
    first_key = fresh(upload).callback_key
    confirm_upload(upload.pk)
    assert fresh(upload).status == Status.CONFIRMING  # the doubt is not over yet
    later(upload)
    confirm_upload(upload.pk)
    assert fresh(upload).status == Status.QUEUED
    assert not truth.tickets  # the place was given back
    send_upload(upload.pk)
    assert fresh(upload).status == Status.STORED
    assert upload.callback_key != first_key
    assert truth.copies_of(APPLE) == 1


def test_listed_service_is_searched_for_an_earlier_try_before_sending_again(
    alice: User, truth: Truth
) -> None:
    upload = upload_of(link(alice, "listed"), APPLE)
    truth.faults["add"].append("lose")
    truth.faults["photos"].extend(["", ""])
    send_upload(upload.pk)
    photos, truth.photos = truth.photos, {}  # the service is slow to show it
    later(upload)
    confirm_upload(upload.pk)
    assert fresh(upload).status == Status.QUEUED
    truth.photos = photos
    send_upload(upload.pk)
    assert fresh(upload).status == Status.STORED
    assert truth.copies_of(APPLE) == 1


@pytest.mark.parametrize("kind", ["ticketed", "listed"])
def test_file_that_never_arrives_goes_back_to_the_person_after_three_tries(
    alice: User, truth: Truth, kind: str
) -> None:
    upload = upload_of(link(alice, kind), APPLE)
    for _ in range(3):
        truth.faults["send"].append("drop")
        truth.faults["add"].append("drop")
        send_upload(upload.pk)
        later(upload)
        confirm_upload(upload.pk)
    assert fresh(upload).status == Status.FAILED
    assert upload.reason == "absent"
    assert upload.file.storage.exists(str(upload.file))
    assert truth.copies_of(APPLE) == 0


@pytest.mark.parametrize("fault", ["drop", "busy"])
def test_closed_service_is_asked_again_later(alice: User, truth: Truth, fault: str) -> None:
    upload = upload_of(link(alice), APPLE)
    truth.faults["begin"].append(fault)
    send_upload(upload.pk)
    assert fresh(upload).status == Status.QUEUED
    assert upload.next_at is not None and upload.next_at > timezone.now()
    assert upload.account.state == "unreachable"
    send_upload(upload.pk)  # a worker that comes too early
    assert fresh(upload).status == Status.QUEUED
    later(upload)
    send_upload(upload.pk)
    assert fresh(upload).status == Status.STORED


@pytest.mark.parametrize(("fault", "state"), [("key", "reconnect"), ("consent", "consent")])
def test_upload_waits_for_the_person_and_goes_on_by_itself(
    alice: User, truth: Truth, fault: str, state: str
) -> None:
    account = link(alice)
    upload = upload_of(account, APPLE)
    truth.faults["begin"].append(fault)
    send_upload(upload.pk)
    account.refresh_from_db()
    assert account.state == state
    assert fresh(upload).status == Status.QUEUED
    send_upload(upload.pk)
    assert truth.operations.count("begin") == 1  # nothing is asked while the person is
    assert not is_due(Kind.UPLOADS, upload.pk)
    note_ok(account)
    send_upload(upload.pk)
    assert fresh(upload).status == Status.STORED


def test_refusal_goes_to_the_person_with_its_code_and_keeps_the_file(alice: User, truth: Truth) -> None:
    upload = upload_of(link(alice), APPLE)
    truth.faults["send"].append("TOTAL_STORAGE_QUOTA_EXCEEDED")
    send_upload(upload.pk)
    assert fresh(upload).status == Status.FAILED
    assert upload.reason == "TOTAL_STORAGE_QUOTA_EXCEEDED"
    assert upload.file.storage.exists(str(upload.file))
    assert not truth.tickets
    assert upload.account.state == "ok"  # one full account is no reason to mark the link


def test_junk_after_the_file_means_unknown(alice: User, truth: Truth) -> None:
    upload = upload_of(link(alice), APPLE)
    truth.faults["send"].append("junk")
    send_upload(upload.pk)
    assert fresh(upload).status == Status.CONFIRMING
    confirm_upload(upload.pk)
    assert fresh(upload).status == Status.STORED


def test_listed_service_gets_one_file_of_an_account_at_a_time(alice: User, bob: User, truth: Truth) -> None:
    account = link(alice, "listed")
    first, second = upload_of(account, APPLE), upload_of(account, picture(text="pear"), "pear.jpg")
    other = upload_of(link(bob, "listed"), APPLE)
    truth.faults["add"].append("lose")
    send_upload(first.pk)
    send_upload(second.pk)
    assert (fresh(first).status, fresh(second).status) == (Status.CONFIRMING, Status.QUEUED)
    assert not is_due(Kind.UPLOADS, second.pk)
    send_upload(other.pk)
    assert fresh(other).status == Status.STORED
    confirm_upload(first.pk)
    send_upload(second.pk)
    assert {fresh(first).status, fresh(second).status} == {Status.STORED}
    assert first.remote_photo_id != second.remote_photo_id


def test_photo_claimed_by_one_upload_is_never_taken_for_another(alice: User, truth: Truth) -> None:
    account = link(alice, "listed")
    first = upload_of(account, APPLE)
    send_upload(first.pk)
    second = upload_of(account, picture(text="other"))  # the same name
    truth.faults["add"].append("drop")
    send_upload(second.pk)
    claimed = fresh(first).remote_photo_id
    ticket_before = fresh(second).ticket
    assert ticket_before
    # Were it new in the listing, the claim alone would keep the two apart.
    from gallery.uploads.delivery.tickets import seal_ticket
    from providers.contract.entities import Ticket

    forged = Ticket(data={"known": "", "filename": "apple.jpg", "title": "apple"})
    second.change(ticket=seal_ticket(second, forged))
    confirm_upload(second.pk)
    assert fresh(second).status == Status.CONFIRMING
    assert claimed in truth.photos


@pytest.mark.parametrize("kind", ["ticketed", "listed"])
def test_new_album_of_a_batch_is_made_once(alice: User, truth: Truth, kind: str) -> None:
    account = link(alice, kind)
    uploads = [
        upload_of(account, picture(text=name), f"{name}.jpg", new_album="Harvest", key="one-form")
        for name in ("one", "two", "three")
    ]
    truth.faults["create_album"].append("lose")
    for upload in uploads:
        send_upload(upload.pk)
        later(upload)
    for upload in uploads:
        send_upload(upload.pk)
    assert {fresh(upload).status for upload in uploads} == {Status.STORED}
    assert list(truth.albums.values()) == ["Harvest"]
    album = next(iter(truth.albums))
    assert {photo["album"] for photo in truth.photos.values()} == {album}
    assert uploads[0].batch.album is not None and uploads[0].batch.album.places.count() == 3


def test_callback_is_a_hint_that_wakes_and_never_believed(alice: User, truth: Truth) -> None:
    upload = upload_of(link(alice), APPLE)
    operations: list[str] = []

    def callback_while_the_post_is_open(operation: str) -> None:
        if operation == "send":
            key = Upload.objects.get(pk=upload.pk).callback_key
            callbacks.receive_callback(callback_url(key).rpartition("callback/")[2].rstrip("/"), "SUCCESS")
            operations.append(operation)

    lease.on_step, original = (
        lambda name: callback_while_the_post_is_open("send") if name == "sending" else None,
        lease.on_step,
    )
    try:
        send_upload(upload.pk)
    finally:
        lease.on_step = original
    assert operations
    assert fresh(upload).status == Status.STORED
    assert truth.copies_of(APPLE) == 1


@pytest.mark.parametrize("claimed", ["SUCCESS", "INVALID_OWNER", "nonsense; <b>", ""])
def test_forged_callback_stores_nothing_and_loses_nothing(alice: User, truth: Truth, claimed: str) -> None:
    upload = upload_of(link(alice), APPLE)
    truth.faults["send"].append("drop")
    send_upload(upload.pk)
    Upload.objects.filter(pk=upload.pk).update(status=Status.AWAITING_CALLBACK)
    signed = callback_url(fresh(upload).callback_key).rpartition("callback/")[2].rstrip("/")
    assert callbacks.receive_callback(signed, claimed) == upload
    confirm_upload(upload.pk)
    assert fresh(upload).status in (Status.CONFIRMING, Status.FAILED)
    assert not upload.remote_photo_id
    assert callbacks.receive_callback(signed, claimed) == upload  # replayed
    assert callbacks.receive_callback("x" + signed, "SUCCESS") is None
    if fresh(upload).status == Status.FAILED:
        assert upload.file and upload.reason == "INVALID_OWNER"


def test_worker_that_lost_its_lease_sends_nothing(alice: User, truth: Truth) -> None:
    upload = upload_of(link(alice), APPLE)

    def pause(name: str) -> None:
        if name == "ticket_saved":
            Upload.objects.filter(pk=upload.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
            recover_uploads()

    lease.on_step, original = pause, lease.on_step
    try:
        send_upload(upload.pk)
    finally:
        lease.on_step = original
    assert fresh(upload).status == Status.CONFIRMING
    assert truth.copies_of(APPLE) == 0


def test_lease_that_ran_out_leads_back_to_the_line_or_to_looking(alice: User, truth: Truth) -> None:
    class Died(BaseException):
        pass

    def die(at: str) -> None:
        def on_step(name: str) -> None:
            if name == at:
                raise Died

        lease.on_step = on_step

    original = lease.on_step
    for at, after in (("claimed", Status.QUEUED), ("begun", Status.QUEUED), ("sent", Status.CONFIRMING)):
        upload = upload_of(link(User.objects.create_user(at)), picture(text=at))
        die(at)
        try:
            with pytest.raises(Died):
                send_upload(upload.pk)
        finally:
            lease.on_step = original
        recover_uploads()
        assert fresh(upload).lease_owner  # still alive as far as anybody knows
        Upload.objects.filter(pk=upload.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        recover_uploads()
        assert fresh(upload).status == after
        confirm_upload(upload.pk)
        send_upload(upload.pk)
        assert fresh(upload).status == Status.STORED
        assert truth.copies_of(picture(text=at)) == 1


def test_missing_copy_is_said_and_no_place_is_taken_for_it(alice: User, truth: Truth) -> None:
    upload = upload_of(link(alice), APPLE)
    upload.file.storage.delete(str(upload.file))
    send_upload(upload.pk)
    assert (fresh(upload).status, upload.reason) == (Status.FAILED, "file_gone")
    assert "begin" not in truth.operations


def test_person_cannot_line_up_what_a_worker_is_sending(alice: User, truth: Truth) -> None:
    upload = upload_of(link(alice, "listed"), APPLE)
    Upload.objects.filter(pk=upload.pk).update(status=Status.SENDING)
    assert not retry_upload(fresh(upload))
    assert fresh(upload).status == Status.SENDING
