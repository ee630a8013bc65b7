"""Somebody else writes into the database for long: what is only looked at is not held up."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from gallery.explore import page_urls
from gallery.jobs.models import Heartbeat
from gallery.library.models import CachedPicture, Photo
from gallery.library.picture_urls import picture_sources
from tests.support.sapo_cast import LinkedSapo
from tests.support.sapo_media import painted, stored
from tests.support.sapo_site import synced

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS_WITHIN = 10.0  # seconds; half of what SQLite is told to wait for a lock


@contextmanager
def locked_database() -> Iterator[None]:
    """Another connection is in the middle of writing; SQLite has one lock for all who write."""
    is_locked, is_over = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Heartbeat.objects.create(name="slow", program="worker", seen_at=timezone.now())
            is_locked.set()
            is_over.wait(60)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert is_locked.wait(30)
    try:
        yield
    finally:
        is_over.set()
        writer.join(30)


@contextmanager
def answered_in_time() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < ANSWERS_WITHIN


def test_pages_open_while_somebody_writes(world: LinkedSapo) -> None:
    own = Photo.objects.get()
    somebodys = page_urls.photo_url(world.account.pk, world.hers.uid)
    world.part(world.person_url(), "photos")  # now known: the page asks the service nothing
    with locked_database():
        for address in ("/", "/albums/", "/linked/", "/uploads/", f"/photos/{own.pk}/", somebodys):
            with answered_in_time():
                assert "<html" in world.get(address), address


def test_picture_is_shown_while_somebody_writes(world: LinkedSapo) -> None:
    stored(world.ana, painted(), title="Vista")
    synced(world.account)
    source = picture_sources(Photo.objects.get(title="Vista")).src
    assert world.client.get(source)["Content-Type"] == "image/jpeg"
    assert CachedPicture.objects.update(used_at=timezone.now() - timedelta(days=2)) == 1
    with locked_database(), answered_in_time():
        assert world.client.get(source)["Content-Type"] == "image/jpeg"
    assert world.client.get(source).status_code == 200
    assert CachedPicture.objects.get().used_at > timezone.now() - timedelta(days=1)
