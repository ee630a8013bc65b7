"""A worker killed at each named step, at our own two servers and on both ways to them."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Photo
from gallery.uploads.delivery.albums import NewAlbum
from gallery.uploads.delivery.lease import STEPS
from gallery.uploads.files import FOLDER, local_path
from gallery.uploads.models import Upload
from gallery.uploads.receiving.accept import Wanted, open_batch
from gallery.uploads.services import start_browser_upload
from gallery.uploads.states import UNFINISHED, Status
from providers.linking import seal_token
from providers.orange.server import accounts as orange
from providers.orange.server.models import MediaObject, OrangeAlbum
from providers.sapo.server.models import Album, Image
from tests.support import sapo_site
from tests.support.jobs import recover_uploads
from tests.support.linking import upload_of
from tests.support.painting import picture
from tests.support.sapo_api import person
from tests.support.workers import database_url

pytestmark = pytest.mark.django_db(transaction=True)

# The bytes go past the worker when the browser brings them.
BROWSER_STEPS = [name for name in STEPS if name not in ("sending", "sent")]


def a_picture(number: int) -> bytes:
    return picture(colour=(20 * number, 90, 160))


class KillableWorker:
    """The other end of tests/support/killable_worker.py."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def works(self, verb: str, upload: Upload, *, die_at: str = "-") -> str:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{die_at} {verb} {upload.pk}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextmanager
def killable_worker(url: str) -> Iterator[KillableWorker]:
    options = {
        "DATABASE_URL": database_url(), "SITE_URL": url, "SERVICES_URL": url, "UPLOAD_DOUBT_SECONDS": "1",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.killable_worker"], cwd=django_settings.BASE_DIR, text=True,
        env=os.environ | options, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield KillableWorker(process)
    finally:
        process.communicate()


@pytest.fixture
def worker(live_server: LiveServer, settings: Any) -> Iterator[KillableWorker]:
    settings.SITE_URL, settings.UPLOAD_DOUBT_SECONDS = live_server.url, 1
    with sapo_site.served_at(live_server.url), killable_worker(live_server.url) as one:
        yield one


def link_sapo(user: User) -> LinkedAccount:
    call_command("register_sapo_key", verbosity=0)
    return sapo_site.link(user, person())


def link_orange(user: User) -> LinkedAccount:
    orange.register_builtin_service([])
    held = orange.open_account(user)
    social = SocialAccount.objects.create(user=user, provider="pomar-orange", uid=held.sub)
    key = orange.issue_token(held, django_settings.ORANGE_SERVICE_ID)
    SocialToken.objects.create(account=social, token=seal_token("pomar-orange", held.sub, key))
    return LinkedAccount.objects.create(
        user=user, social_account=social, provider_id="pomar-orange", kind="orange", remote_id=held.sub,
        label=held.label,
    )  # fmt: skip


LINK = {"sapo": link_sapo, "orange": link_orange}


def time_passes() -> None:
    """Leases of the dead run out, waits are over, and the sweep comes by."""
    past = timezone.now() - timedelta(seconds=1)
    Upload.objects.exclude(lease_until=None).update(lease_until=past)
    recover_uploads()
    Upload.objects.exclude(next_at=None).update(next_at=past)
    Upload.objects.filter(status=Status.CONFIRMING).update(confirm_until=past)


def dies_at(step: str, upload: Upload, worker: KillableWorker) -> None:
    if step == "confirming":  # a look of its own comes only after somebody died before it
        dies_at("sent" if upload.route == Upload.Route.WORKER else "ticket_saved", upload, worker)
    for _ in range(3):
        upload.refresh_from_db()
        verb = "send" if upload.status == Status.QUEUED else "confirm"
        if worker.works(verb, upload, die_at=step) == "killed":
            time_passes()
            return
        time_passes()
    raise AssertionError(f"nobody died at {step}: {upload.status}")


def all_end(worker: KillableWorker) -> None:
    for _ in range(6):
        for upload in Upload.objects.filter(status__in=UNFINISHED).order_by("pk"):
            worker.works("send" if upload.status == Status.QUEUED else "confirm", upload)
        if not Upload.objects.filter(status__in=UNFINISHED).exists():
            return
        time_passes()


def held_there(kind: str) -> list[str]:
    """The sha256 of every file that the service holds, sorted."""
    names = (
        Image.objects.filter(is_pending=False).values_list("file_name", flat=True)
        if kind == "sapo"
        else MediaObject.objects.values_list("stored_name", flat=True)
    )
    return sorted(hashlib.sha256(default_storage.open(name).read()).hexdigest() for name in names)


def albums_there(kind: str) -> list[str]:
    made = (
        Album.objects.filter(is_special=False)
        if kind == "sapo"
        else OrangeAlbum.objects.filter(is_inbox=False)
    )
    return sorted(made.values_list("title", flat=True))


def stored_copies() -> list[Path]:
    folder = local_path(FOLDER)
    assert folder is not None
    named = set(Upload.objects.values_list("file", flat=True))
    root = Path(django_settings.MEDIA_ROOT)
    return [path for path in folder.rglob("*") if path.is_file() and str(path.relative_to(root)) in named]


def everything_is_stored_once(kind: str, contents: list[bytes], titles: list[str]) -> None:
    left = Upload.objects.exclude(status=Status.STORED)
    assert [(u.filename, u.status, u.reason, [str(e) for e in u.events.all()]) for u in left] == []
    assert held_there(kind) == sorted(hashlib.sha256(content).hexdigest() for content in contents)
    assert Photo.objects.count() == len(contents)
    assert albums_there(kind) == sorted(titles)
    assert stored_copies() == []
    # Whoever dies between the service's answer and our row knows of no place to give back: one, no more.
    assert Image.objects.filter(is_pending=True).count() <= 1


@pytest.mark.parametrize("kind", ["sapo", "orange"])
def test_upload_survives_a_kill_at_every_step_at_our_own_server(
    alice: User, kind: str, worker: KillableWorker
) -> None:
    account = LINK[kind](alice)
    contents = [a_picture(number) for number in range(len(STEPS))]
    for name, content in zip(STEPS, contents, strict=True):
        upload = upload_of(account, content, f"{name}.jpg", new_album=f"Album of {name}")
        dies_at(name, upload, worker)
        all_end(worker)
    everything_is_stored_once(kind, contents, [f"Album of {name}" for name in STEPS])


def brings_the_file(alice: User, upload: Upload, content: bytes) -> None:
    """As the person's browser sends the plain form, and follows where the service sends it."""
    client = Client()
    client.force_login(alice)
    page = client.get(reverse("uploads:prepare", args=[upload.pk])).content.decode()
    action = re.search(r'action="([^"]+uploadPost[^"]*)"', page)
    fields = dict(re.findall(r'<input type="hidden" name="(token|redir)" value="([^"]+)"', page))
    assert action and len(fields) == 2, page
    requests.post(action[1], data=fields, files={"photo": ("a.jpg", content, "image/jpeg")}, timeout=20)


@pytest.mark.parametrize("redir", ["redirect", "call"])
def test_file_that_the_browser_brings_survives_a_kill_at_every_step(
    alice: User, worker: KillableWorker, settings: Any, redir: str
) -> None:
    """Both readings of the document's "the URL will be invoked" end the same."""
    settings.SAPO_REDIR, settings.SAPO_REDIR_HOSTS = redir, ["127.0.0.1", "localhost"]
    account = link_sapo(alice)
    contents: list[bytes] = []
    for name in BROWSER_STEPS:
        batch = open_batch(account, name, None, NewAlbum(title=f"Album of {name}"))
        upload = start_browser_upload(batch, Wanted(title=name))
        is_early = BROWSER_STEPS.index(name) < BROWSER_STEPS.index("confirming")
        if is_early:
            dies_at(name, upload, worker)
        while Upload.objects.get(pk=upload.pk).status == Status.QUEUED:
            worker.works("send", upload)
            time_passes()
        contents.append(a_picture(len(contents)))
        upload.refresh_from_db()
        brings_the_file(alice, upload, contents[-1])
        upload.refresh_from_db()
        assert upload.status == Status.CONFIRMING
        assert upload.events.filter(note="callback: success").exists()
        if not is_early:
            while worker.works("confirm", upload, die_at=name) != "killed":
                time_passes()
            time_passes()
        all_end(worker)
    everything_is_stored_once("sapo", contents, [f"Album of {name}" for name in BROWSER_STEPS])
