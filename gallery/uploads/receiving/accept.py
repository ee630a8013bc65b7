"""Accepts files: whole, looked into, synced to storage and written down before a person is told so."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.jobs.kinds import Kind
from gallery.jobs.queue import wake_after_commit
from gallery.library.models import Album, Photo
from gallery.uploads.delivery.albums import NewAlbum
from gallery.uploads.delivery.tickets import new_callback_key
from gallery.uploads.files import delete_file, store_upload
from gallery.uploads.models import Upload, UploadBatch, UploadEvent
from gallery.uploads.receiving.handler import Incoming
from gallery.uploads.states import UNFINISHED, Status
from providers import pictures
from providers.contract.base import UploadCallback
from providers.durable import lasting
from providers.pictures import BadPicture, PictureFacts
from providers.registry import kind_of

_PREVIEW = 128  # pixels, for the upload's own row while the library has no photo yet


class FileRefused(Exception):
    """The file is not taken and nothing of it is stored; `reason` as in BadPicture, or "format"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person says about the files of one form."""

    title: str = ""
    description: str = ""
    tags: Sequence[str] = field(default_factory=tuple)


def open_batch(
    account: LinkedAccount, key: str, album: Album | None, new: NewAlbum | None = None
) -> UploadBatch:
    """The batch of one form: the same for every file that comes under its key."""
    batch, _ = UploadBatch.objects.get_or_create(
        owner_id=account.user_id,
        key=key,
        defaults={"account": account, "album": album, **(new or NewAlbum()).fields(account.pk, key)},
    )
    return batch


def is_callback_kind(account: LinkedAccount) -> bool:
    """Whether the account's service calls back, and takes files straight from a browser."""
    return issubclass(kind_of(account.kind).service, UploadCallback)


def accept(batch: UploadBatch, incoming: Incoming, wanted: Wanted) -> Upload:
    """The row of a file that now lies durably on storage. Raises FileRefused.

    The same file a second time under one key is the same upload: a browser may repeat a lost answer.
    """
    try:
        facts, preview = _look_into(batch.account, incoming)
        if (known := _same_in_batch(batch, incoming)) is not None:
            return known
        incoming.close()
        name = store_upload(incoming.path, facts.kind)
    finally:
        incoming.discard()
    upload = None
    try:
        with lasting():
            UploadBatch.objects.select_for_update().get(pk=batch.pk)
            known = _same_in_batch(batch, incoming)
            upload = known or _write(batch, incoming, wanted, facts, preview, name)
    finally:
        if upload is None or upload.file.name != name:
            delete_file(name)
    return upload


def _look_into(account: LinkedAccount, incoming: Incoming) -> tuple[PictureFacts, bytes]:
    try:
        facts = pictures.inspect(incoming.path, max_pixels=settings.UPLOAD_MAX_PIXELS)
        preview, _ = pictures.shrink(incoming.path, _PREVIEW, _PREVIEW, max_pixels=settings.UPLOAD_MAX_PIXELS)
    except BadPicture as error:
        raise FileRefused(error.reason) from None
    if facts.media_type not in kind_of(account.kind).accepts.media_types:
        raise FileRefused("format")
    return facts, preview


def _same_in_batch(batch: UploadBatch, incoming: Incoming) -> Upload | None:
    same = Upload.objects.filter(
        batch=batch, sha256=incoming.sha256, filename=plain_name(incoming.name or "")
    )
    return same.exclude(status__in=[Status.FAILED, Status.CANCELLED]).first()


def _write(
    batch: UploadBatch, incoming: Incoming, wanted: Wanted, facts: PictureFacts, preview: bytes, name: str
) -> Upload:
    filename = plain_name(incoming.name or "")
    same_photo, is_known = _already_here(batch.account, incoming.sha256, facts.byte_size, filename)
    upload = Upload.objects.create(
        **new_upload(batch, wanted, filename),
        status=Status.ASKING if is_known else Status.QUEUED,
        file=name,
        media_type=facts.media_type,
        byte_size=facts.byte_size,
        sha256=incoming.sha256,
        width=facts.width,
        height=facts.height,
        preview=preview,
        same_as=same_photo,
    )
    UploadEvent.objects.create(upload=upload, went_to=upload.status)
    if not is_known:
        wake_after_commit(Kind.UPLOADS)
    return upload


def new_upload(batch: UploadBatch, wanted: Wanted, filename: str) -> dict[str, Any]:
    """What every new row has, whatever its route."""
    now = timezone.now()
    return {
        "batch": batch,
        "account": batch.account,
        "owner_id": batch.owner_id,
        "filename": filename,
        "title": wanted.title or PurePath(filename).stem[:200],
        "description": wanted.description,
        "tags": list(wanted.tags),
        "takes_turns": not is_callback_kind(batch.account),
        "callback_key": new_callback_key(),
        "next_at": now,
    }


def _already_here(
    account: LinkedAccount, sha256: str, byte_size: int, filename: str
) -> tuple[Photo | None, bool]:
    """The photo of this account that is the same picture, and whether there is one or will be."""
    uploads = Upload.objects.filter(account=account, sha256=sha256)
    sent = uploads.filter(Q(status__in=UNFINISHED) | Q(status=Status.STORED, photo__isnull=False)).first()
    if sent is not None:
        return sent.photo, True
    photo = Photo.objects.filter(account=account, byte_size=byte_size, filename=filename).first()
    return photo, photo is not None


def plain_name(name: str) -> str:
    """A file's name without control characters, at most 255 long its extension preserved."""
    plain = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C").strip() or "photo"
    path = PurePath(plain)
    suffix = path.suffix[:20]
    return plain if len(plain) <= 255 else plain[: 255 - len(suffix)] + suffix
