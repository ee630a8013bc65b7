"""Metadata of a photo's file is derived after the upload (docs/flows/server.md)."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from providers.sapo.server.media import view_urls
from providers.sapo.server.models import Image
from providers.sapo.server.upload import derive_metadata
from providers.server.renditions import rendition_name
from tests.support.sapo_media import ana, get, painted, stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def undecodable() -> bytes:
    """A JPEG whole in structure, whose scan names code tables that it does not have."""
    content = painted("jpeg", 300, 200)
    tables = content.index(b"\xff\xda") + 6
    return content[:tables] + b"\x33" + content[tables + 1 :]


def test_new_photo_is_processed_once() -> None:
    image = stored(ana(), painted(colour=(200, 120, 40)))
    assert not image.is_processed and image.average_colour == ""
    assert (derive_metadata.process_new_images(), derive_metadata.process_new_images()) == (1, 0)
    image.refresh_from_db()
    assert image.is_processed and len(image.md5) == 32
    assert all(abs(int(image.average_colour[at : at + 2], 16) - 127) < 90 for at in (0, 2, 4))
    assert default_storage.exists(rendition_name(image.file_name, 580, 435, "jpeg"))


def test_photo_whose_pixels_cannot_be_read_keeps_its_file(live_server: LiveServer) -> None:
    image = stored(ana(), undecodable())
    assert derive_metadata.process_new_images() == 1
    image.refresh_from_db()
    assert image.is_damaged and image.average_colour == ""
    original, *smaller = view_urls(image, f"{live_server.url}/services/sapo")
    assert get(live_server.url, original.url).body == undecodable()
    assert {get(live_server.url, view.url).status for view in smaller} == {404}


def test_photo_whose_file_cannot_be_read_now_does_not_hold_up_the_others(tmp_path: Path) -> None:
    owner = ana()
    first, second = stored(owner), stored(owner)
    path = Path(default_storage.path(first.file_name))
    path.unlink()
    path.mkdir()  # reading it fails as a disk would
    assert derive_metadata.process_new_images() == 1
    assert list(Image.objects.filter(is_processed=True)) == [second]


def test_photo_deleted_while_it_is_processed_stays_deleted() -> None:
    image = stored(ana())
    Image.objects.all().delete()
    derive_metadata.derive_metadata(image)
    assert not Image.objects.exists()
