"""Whatever happens in between, an upload is stored exactly once or given back with its reason.

Hypothesis plays the world: two workers, one of them stopped at any step while the other goes on, the
sweep, callbacks true, forged and repeated, leases that run out, a service that drops, loses, refuses
and mumbles. The service is a real peer over HTTP and keeps the truth.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
import requests
from django.contrib.auth.models import User
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gallery.accounts.models import LinkedAccount
from gallery.accounts.services import open_service
from gallery.jobs import lease
from gallery.library.models import Photo
from gallery.uploads import services
from gallery.uploads.delivery import callback as callbacks
from gallery.uploads.delivery import lease as upload_lease
from gallery.uploads.delivery.lease import STEPS
from gallery.uploads.delivery.tickets import callback_url, open_ticket
from gallery.uploads.models import Upload
from gallery.uploads.receiving.accept import Wanted, open_batch
from gallery.uploads.services import start_browser_upload
from gallery.uploads.states import MOVES, Status
from tests.support.fake_service import FakeServiceServer
from tests.support.jobs import confirm_upload, recover_uploads, send_upload
from tests.support.linking import link, offered, upload_of
from tests.support.painting import picture

NOTHING = upload_lease.on_step
APPLE, PEAR = picture(text="apple"), picture(text="pear")
# Where bytes are on their way most goes wrong, so hypothesis is sent there more often.
AT_STEPS = st.sampled_from(["sent", "sending", "ticket_saved", "sent", *STEPS])
FAULTS = st.sampled_from(
    ["drop", "lose", "lose", "busy", "junk", "INVALID_TOKEN", "TOTAL_STORAGE_QUOTA_EXCEEDED", "key", "gone"]
)
# What goes wrong, and what it is called at a service of either kind.
OPERATIONS = st.sampled_from(
    [["begin"], ["send", "add"], ["send", "add"], ["confirm", "photos"], ["abandon"]]
)
CLAIMS = st.sampled_from(["SUCCESS", "INVALID_OWNER", "PROBLEMS_SAVING_IMAGE", "x", ""])
# What happens while a worker stands still at a step.
EVENTS = st.lists(
    st.sampled_from(["other worker", "confirm", "sweep", "callback", "forged", "expire", "person", "cancel"]),
    max_size=4,
)


class Killed(BaseException):
    """SIGKILL, as far as one process can play it: nothing of ours catches it."""


class UploadMachine(RuleBasedStateMachine):
    kind = "ticketed"

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0  # seconds by which a monotonic clock is ahead of this process's own
        self.world = self._world()
        next(self.world)

    def _world(self) -> Iterator[None]:
        with FakeServiceServer() as server, offered(server.url), self._quick():
            self.truth = server.truth
            yield

    @contextmanager
    def _quick(self) -> Iterator[None]:
        with (
            mock.patch.object(
                lease, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + self.passed)
            ),
            # A thread does not see this transaction's rows: no lease is renewed.
            override_settings(UPLOAD_LOOK_PAUSES=(0.0,), LEASE_RENEW_SECONDS=600, LEASE_SECONDS=1000),
        ):
            yield

    @initialize()
    def two_files(self) -> None:
        self.user = User.objects.create_user(f"u{User.objects.count()}")
        self.account = link(self.user, self.kind)
        self.uploads = [upload_of(self.account, APPLE), upload_of(self.account, PEAR)]

    def teardown(self) -> None:
        upload_lease.on_step = NOTHING
        self.settle()
        for _ in self.world:
            pass

    # --- What the world does ---

    @rule(which=st.integers(0, 1))
    def worker_sends(self, which: int) -> None:
        send_upload(self.uploads[which].pk)

    @rule(which=st.integers(0, 1))
    def worker_confirms(self, which: int) -> None:
        confirm_upload(self.uploads[which].pk)

    @rule(which=st.integers(0, 1), at=AT_STEPS, events=EVENTS, dies=st.booleans())
    def worker_stands_still(self, which: int, at: str, events: list[str], dies: bool) -> None:
        """At the step the world goes on; then the worker dies, or wakes up and goes on as well."""

        def on_step(name: str) -> None:
            if name != at:
                return
            upload_lease.on_step = NOTHING
            for event in events:
                self.happen(event, which)
            if dies:
                raise Killed

        pk = self.uploads[which].pk
        verb = confirm_upload if Upload.objects.get(pk=pk).status == "confirming" else send_upload
        upload_lease.on_step = on_step
        try:
            verb(pk)
        except Killed:
            pass
        finally:
            upload_lease.on_step = NOTHING

    def happen(self, event: str, which: int) -> None:
        upload = Upload.objects.get(pk=self.uploads[which].pk)
        if event == "other worker":
            for each in self.uploads:
                send_upload(each.pk)
        elif event == "confirm":
            confirm_upload(upload.pk)
        elif event == "sweep":
            self.sweep()
        elif event in ("callback", "forged"):
            self.callback(which, "SUCCESS" if event == "callback" else "INVALID_OWNER")
        elif event == "expire":
            self.leases_run_out()
        elif event == "person":
            services.retry_upload(upload)
        else:
            services.cancel_upload(upload)

    @rule(which=st.integers(0, 1), claimed=CLAIMS)
    def callback(self, which: int, claimed: str) -> None:
        key = Upload.objects.get(pk=self.uploads[which].pk).callback_key
        callbacks.receive_callback(callback_url(key).rstrip("/").rpartition("/")[2], claimed)

    @rule()
    def sweep(self) -> None:
        recover_uploads()

    @rule()
    def leases_run_out(self) -> None:
        """Time passes for everybody: a worker that stands still has lost its lease when it wakes."""
        self.passed += 2000
        past = timezone.now() - timedelta(seconds=1)
        Upload.objects.exclude(lease_until=None).update(lease_until=past)
        recover_uploads()

    @rule()
    def waits_are_over(self) -> None:
        past = timezone.now() - timedelta(seconds=1)
        Upload.objects.exclude(next_at=None).update(next_at=past)
        Upload.objects.exclude(confirm_until=None).update(confirm_until=past)

    @rule(operations=OPERATIONS, fault=FAULTS)
    def service_fails_once(self, operations: list[str], fault: str) -> None:
        for operation in operations:
            self.truth.faults[operation].append(fault)

    @rule(which=st.integers(0, 1), how=st.sampled_from(["lose", "lose", "drop", "junk"]))
    def line_breaks_at_the_file(self, which: int, how: str) -> None:
        self.service_fails_once(["send", "add"], how)
        self.worker_sends(which)

    @rule(which=st.integers(0, 1))
    def worker_dies_when_the_bytes_are_there(self, which: int) -> None:
        self.worker_stands_still(which, "sent", [], True)

    @rule(which=st.integers(0, 1))
    def person_retries(self, which: int) -> None:
        services.retry_upload(Upload.objects.get(pk=self.uploads[which].pk))

    @rule(which=st.integers(0, 1))
    def person_cancels(self, which: int) -> None:
        services.cancel_upload(Upload.objects.get(pk=self.uploads[which].pk))

    @rule()
    def person_reconnects(self) -> None:
        LinkedAccount.objects.filter(pk=self.account.pk).update(state="ok", state_code="")

    # --- What must hold ---

    @invariant()
    @precondition(lambda self: hasattr(self, "uploads"))
    def no_picture_is_there_twice(self) -> None:
        assert self.truth.copies_of(APPLE) <= 1
        assert self.truth.copies_of(PEAR) <= 1

    @invariant()
    @precondition(lambda self: hasattr(self, "uploads"))
    def stored_means_there_and_no_file_is_lost(self) -> None:
        for upload, content in zip(self.uploads, (APPLE, PEAR), strict=True):
            upload.refresh_from_db()
            if upload.status == Status.STORED:
                assert self.truth.copies_of(content) == 1
                assert upload.photo is not None
            else:
                assert upload.file and upload.file.storage.exists(str(upload.file))
            for event in upload.events.exclude(came_from=""):
                assert event.went_to in MOVES[Status(event.came_from)]

    def settle(self) -> None:
        """The service recovers and the person does their part: everything ends."""
        if not hasattr(self, "uploads"):
            return
        for queue in self.truth.faults.values():
            queue.clear()
        for _ in range(6):
            self.person_reconnects()
            self.leases_run_out()
            self.waits_are_over()
            for which, upload in enumerate(self.uploads):
                upload.refresh_from_db()
                if upload.status in (Status.FAILED, Status.CANCELLED):
                    assert upload.status == Status.CANCELLED or upload.reason
                    self.person_retries(which)
                self.worker_sends(which)
                self.browser_does_its_part(which)
                self.worker_confirms(which)
        for upload in self.uploads:
            upload.refresh_from_db()
            assert upload.status == Status.STORED, [str(event) for event in upload.events.all()]
        assert (self.truth.copies_of(APPLE), self.truth.copies_of(PEAR)) == (1, 1)
        assert Photo.objects.filter(account=self.account).count() == 2

    def browser_does_its_part(self, which: int) -> None:
        """Nothing, where a worker sends the file."""


class BrowserMachine(UploadMachine):
    """The files come straight from the person's browser, or never; the callback may be lost."""

    @initialize()
    def two_files(self) -> None:
        self.user = User.objects.create_user(f"u{User.objects.count()}")
        self.account = link(self.user, self.kind)
        self.uploads = [
            start_browser_upload(open_batch(self.account, title, None), Wanted(title=title))
            for title in ("apple", "pear")
        ]

    @rule(which=st.integers(0, 1), is_received=st.booleans())
    def browser_brings_the_file(self, which: int, is_received: bool) -> None:
        upload = Upload.objects.get(pk=self.uploads[which].pk)
        ticket = open_ticket(upload)
        if upload.status != Status.AWAITING_CALLBACK or ticket is None:
            return  # the page shows no form
        form = open_service(upload.account).browser_form(ticket, callback_url(upload.callback_key))  # type: ignore[attr-defined]
        file = {form.file_field: ("a.jpg", (APPLE, PEAR)[which], "image/jpeg")}
        with suppress(requests.RequestException):  # the line breaks at the browser as well
            requests.post(form.action, data=form.fields, files=file, timeout=5)
        if is_received:
            self.callback(which, "SUCCESS")

    def browser_does_its_part(self, which: int) -> None:
        self.browser_brings_the_file(which, True)

    @invariant()
    @precondition(lambda self: hasattr(self, "uploads"))
    def stored_means_there_and_no_file_is_lost(self) -> None:
        for upload, content in zip(self.uploads, (APPLE, PEAR), strict=True):
            upload.refresh_from_db()
            if upload.status == Status.STORED:
                assert self.truth.copies_of(content) == 1 and upload.photo is not None


class ListedMachine(UploadMachine):
    kind = "listed"

    @invariant()
    @precondition(lambda self: hasattr(self, "uploads"))
    def one_at_a_time(self) -> None:
        flying = Upload.objects.filter(account=self.account, status__in=["sending", "confirming"])
        assert flying.count() <= 1


@pytest.mark.django_db
@pytest.mark.parametrize("machine", [UploadMachine, ListedMachine, BrowserMachine])
def test_upload_states_hold_whatever_happens(machine: Any) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            suppress_health_check=list(HealthCheck),
        ),
    )
