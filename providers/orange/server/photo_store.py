"""Stores pictures: checks what they are and whether there is room, and stores them durably."""

import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.db.models import F

from providers import pictures
from providers.durable import lasting, store_file
from providers.orange.protocol import MEDIA_TYPES, PRECOMPUTED_BOXES, ErrorCode
from providers.orange.server.albums import clean_title, inbox_of
from providers.orange.server.errors import ServiceError, too_large
from providers.orange.server.models import MediaObject, OrangeAccount, OrangeAlbum
from providers.server.renditions import rendition_name, stored_rendition
from providers.xml import clean

_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f/\\]+")


def store_photo(
    account: OrangeAccount, album: OrangeAlbum | None, title: str, filename: str, file: BinaryIO
) -> MediaObject:
    """Store `file` as a picture of `album`, None for the inbox; without a title it gets the file's name.

    The file is durably on storage before its row exists; row and counters change at once. Raises
    ServiceError 9005 to 9008, with nothing stored.
    """
    filename = clean(_NOT_IN_A_NAME.sub(" ", filename)).strip()[-255:] or "photo"
    picture = MediaObject(
        account=account,
        title=clean_title(title if title.strip() else filename),
        filename=filename,
    )
    with _on_disk(file) as path:
        _fill_in(picture, account, path)
        kind = picture.media_type.removeprefix("image/")
        name = f"orange/{picture.cyphered_id[:2]}/{secrets.token_hex(16)}.{kind}"
        picture.stored_name = store_file(path, name)
    try:
        for width, height in PRECOMPUTED_BOXES:
            stored_rendition(picture.stored_name, width, height, max_pixels=settings.SERVER_MAX_PIXELS)
        _publish(picture, album)
    except DatabaseError:
        # The commit may have succeeded all the same: an unused file does less harm than a missing one.
        raise
    except BaseException as error:
        delete_files(picture.stored_name)
        if isinstance(error, pictures.BadPicture):
            raise _bad_image(error) from None
        raise
    return picture


def delete_files(name: str) -> None:
    """Delete a picture's file and every size made of it."""
    folder = rendition_name(name, 0, 0, "").rpartition("/")[0]
    try:
        made = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        made = []
    for each in [*(f"{folder}/{entry}" for entry in made), name]:
        default_storage.delete(each)


@contextmanager
def _on_disk(file: BinaryIO) -> Iterator[Path]:
    """A path to `file` on this machine: its own, else a copy."""
    name = getattr(file, "name", None)
    if isinstance(name, str) and Path(name).is_file():
        yield Path(name)
        return
    with tempfile.NamedTemporaryFile(prefix="pomar-orange-") as copy:
        shutil.copyfileobj(file, copy, 1024 * 1024)
        copy.flush()
        yield Path(copy.name)


def _fill_in(picture: MediaObject, account: OrangeAccount, path: Path) -> None:
    """Fill in what the file itself says. Raises ServiceError for one that is not accepted."""
    if path.stat().st_size > account.largest_file:
        raise too_large(account.largest_file)
    try:
        facts = pictures.inspect(path, max_pixels=settings.SERVER_MAX_PIXELS)
    except pictures.BadPicture as bad:
        raise _bad_image(bad) from None
    if facts.kind not in MEDIA_TYPES:
        raise _bad_image(pictures.BadPicture("not_a_picture"))
    picture.byte_size, picture.media_type = facts.byte_size, facts.media_type
    picture.width, picture.height = facts.width, facts.height


def _bad_image(bad: pictures.BadPicture) -> ServiceError:
    return ServiceError(ErrorCode.BAD_IMAGE, f"unsupported or damaged image ({bad.reason})")


def _publish(picture: MediaObject, album: OrangeAlbum | None) -> None:
    """Row and counters at once. Counting locks the account's row, so that the last place is taken once."""
    with lasting():
        rows = OrangeAccount.objects.filter(
            pk=picture.account_id,
            photo_count__lt=F("max_photos"),
            stored_bytes__lte=F("max_storage_bytes") - picture.byte_size,
        )
        if not rows.update(
            photo_count=F("photo_count") + 1, stored_bytes=F("stored_bytes") + picture.byte_size
        ):
            raise ServiceError(ErrorCode.STORAGE_FULL, "storage full")
        picture.album = album or inbox_of(picture.account)
        OrangeAlbum.objects.filter(pk=picture.album.pk).update(media_count=F("media_count") + 1)
        picture.save(force_insert=True)
