"""Accepts the file of a photo: the token that allows it, the quotas, and storing it durably.

The order of the checks is the order of the document's table of statuses (docs/protocols/sapo.md,
upload). A refused file leaves everything as it was: the photo stays pending and its token may be used for
another file until it expires.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from providers import pictures
from providers.durable import lasting, store_file, sync_ahead
from providers.sapo.protocol import MEDIA_TYPES, UPLOAD_MESSAGES, UploadStatus
from providers.sapo.server import media
from providers.sapo.server.auth.keys import digest
from providers.sapo.server.models import Image, Person, UploadToken
from providers.sapo.server.photo_store import update_image
from providers.sapo.server.queries import image_by_id, mark_used, person_by_id, upload_token_by_hash
from providers.sapo.server.upload.form import UploadForm

logger = logging.getLogger(__name__)


class UploadRefused(Exception):
    """The file was not accepted, for the reason that `status` names."""

    def __init__(self, status: UploadStatus, person: Person | None = None) -> None:
        super().__init__(status.value)
        self.status = status
        self._person = person

    @property
    def message(self) -> str:
        """The document's sentence with its numbers filled in."""
        text = UPLOAD_MESSAGES[self.status]
        if self.status is UploadStatus.INVALID_UPLOAD:
            return text.format(bytes=settings.SERVER_MAX_FILE_BYTES)
        if self._person is None:
            return text
        return text.format(
            bytes=(
                self._person.max_file_bytes
                if self.status is UploadStatus.FILE_SIZE_QUOTA_EXCEEDED
                else self._person.max_storage_bytes
            ),
            count=self._person.max_images,
            width=self._person.min_width,
            height=self._person.min_height,
        )


def accept_upload(form: UploadForm) -> Image:
    """Store the file of a form as the photo of its token. Raises UploadRefused."""
    sync_ahead(form.path)
    upload_token = _upload_token(form)
    image = _pending_image(upload_token)
    if upload_token.used_at:
        raise UploadRefused(UploadStatus.EXHAUSTED_TOKEN)
    _check_single_file(form)
    with _claimed(upload_token):
        return store_image(image, form.path)


def _upload_token(form: UploadForm) -> UploadToken:
    if form.is_too_large:
        raise UploadRefused(UploadStatus.INVALID_UPLOAD)
    if not form.token:
        raise UploadRefused(UploadStatus.MISSING_TOKEN)
    upload_token = upload_token_by_hash(digest(form.token))
    if upload_token is None or upload_token.expires_at <= form.began_at:
        raise UploadRefused(UploadStatus.INVALID_TOKEN)
    return upload_token


def _pending_image(upload_token: UploadToken) -> Image:
    image = image_by_id(upload_token.image_id) if upload_token.image_id else None
    owner = person_by_id(image.owner_id) if image else None
    if image is None or owner is None or not (image.is_pending or upload_token.used_at):
        raise UploadRefused(UploadStatus.INVALID_IMAGE)
    if not owner.is_usable:
        raise UploadRefused(UploadStatus.INVALID_OWNER)
    image.owner = owner
    return image


def _check_single_file(form: UploadForm) -> None:
    if form.file_count > 1:
        raise UploadRefused(UploadStatus.FILE_COUNT_EXCEEDED)
    if not form.is_whole:
        raise UploadRefused(UploadStatus.INVALID_FILE)
    if not form.file_count:
        raise UploadRefused(UploadStatus.NO_FILE)


@contextmanager
def _claimed(upload_token: UploadToken) -> Iterator[None]:
    """Uses the token up, before any work: of two posts at once one gets it. Freed by a refusal."""
    if not mark_used(upload_token):
        raise UploadRefused(UploadStatus.EXHAUSTED_TOKEN)
    try:
        yield
    except BaseException:
        UploadToken.objects.filter(pk=upload_token.pk).update(used_at=None)
        raise


def store_image(image: Image, path: Path) -> Image:
    """Make the file at `path`, which is moved away, the file of the pending `image`; returns it as it is
    then. It is durably on storage before the row says so. Raises UploadRefused, with nothing stored.
    """
    facts = _checked(image.owner, path)
    name = ""
    try:
        name = store_file(path, f"sapo/{image.uid[:2]}/{image.uid}.{facts.kind}", moves=True)
        return _publish(image, name, facts)
    except UploadRefused:
        media.delete_files(name)
        raise
    except DatabaseError:
        # The row may have been written all the same: an unused file does less harm than a missing one.
        logger.exception("the row of image %s could not be written", image.pk)
        raise UploadRefused(UploadStatus.PROBLEMS_SAVING_IMAGE) from None
    except Exception:
        logger.exception("the file of image %s could not be stored", image.pk)
        media.delete_files(name)
        raise UploadRefused(UploadStatus.PROBLEMS_SAVING_IMAGE) from None


def _checked(owner: Person, path: Path) -> pictures.PictureFacts:
    byte_size = path.stat().st_size
    _check_count(owner, owner.image_count + 1)
    if byte_size > owner.max_file_bytes:
        raise UploadRefused(UploadStatus.FILE_SIZE_QUOTA_EXCEEDED, owner)
    _check_storage(owner, owner.stored_bytes + byte_size)
    try:
        facts = pictures.inspect_structure(path, max_pixels=settings.SERVER_MAX_PIXELS)
    except pictures.BadPicture:
        raise UploadRefused(UploadStatus.INVALID_FILE) from None
    if facts.media_type not in MEDIA_TYPES.values():
        raise UploadRefused(UploadStatus.INVALID_FILE)
    if facts.width < owner.min_width or facts.height < owner.min_height:
        raise UploadRefused(UploadStatus.INVALID_DIMENSIONS, owner)
    return facts


def _check_count(owner: Person, images: int) -> None:
    if owner.max_images is not None and images > owner.max_images:
        raise UploadRefused(UploadStatus.FILE_LIMIT_QUOTA_EXCEEDED, owner)


def _check_storage(owner: Person, byte_size: int) -> None:
    if owner.max_storage_bytes is not None and byte_size > owner.max_storage_bytes:
        raise UploadRefused(UploadStatus.TOTAL_STORAGE_QUOTA_EXCEEDED, owner)


def _publish(image: Image, name: str, facts: pictures.PictureFacts) -> Image:
    """The row says that the file is there, as `name` on storage.

    Counting this photo has locked its owner's row: the totals are checked under that lock, so that of
    two uploads for the last place one is undone.
    """
    try:
        with lasting():
            with update_image(image) as row:
                if not row.is_pending:
                    raise UploadRefused(UploadStatus.EXHAUSTED_TOKEN)
                _fill(row, name, facts)
            if image.owner.max_images is not None or image.owner.max_storage_bytes is not None:
                owner = Person.objects.get(pk=row.owner_id)
                _check_count(owner, owner.image_count)
                _check_storage(owner, owner.stored_bytes)
    except Image.DoesNotExist:
        raise UploadRefused(UploadStatus.INVALID_IMAGE) from None
    row.owner = image.owner
    return row


def _fill(row: Image, name: str, facts: pictures.PictureFacts) -> None:
    row.is_pending = False
    row.file_name = name
    row.format, row.media_type = facts.kind, facts.media_type
    row.width, row.height, row.byte_size = facts.width, facts.height, facts.byte_size
