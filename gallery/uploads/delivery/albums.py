"""The album of a batch, made once: whatever happens in between, there are never two.

One upload of the batch makes it. What the account held is written down before the service is asked;
an outcome that is unknown is settled by looking for what is new (Three laws, docs/architecture.md).
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, Q
from django.utils import timezone

from gallery.jobs.lease import CLOCK_TOLERANCE, Lease, LeaseLost, is_held
from gallery.library.services import save_album
from gallery.uploads.delivery.lease import step
from gallery.uploads.models import Upload, UploadBatch
from gallery.uploads.states import Status
from providers.contract.albums import AlbumDescriptions, AlbumPasswords
from providers.contract.base import PhotoService
from providers.contract.entities import Album
from providers.contract.errors import OutcomeUnknown, ProtocolError, ProviderError, Refused
from providers.durable import lasting
from providers.linking import vault
from providers.vault import CannotOpen

PURPOSE = "album"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlbum:
    """What a person says about an album that is to be made; without a title there is none."""

    title: str = ""
    description: str = ""
    password: str = ""

    def fields(self, account_id: int, key: str) -> dict[str, str]:
        """As the batch of that key stores it."""
        sealed = vault().seal(self.password, PURPOSE, str(account_id), key) if self.password else ""
        return {
            "new_album_title": self.title,
            "new_album_description": self.description,
            "sealed_album_password": sealed,
        }


class AlbumNotReady(Exception):
    """Another upload is making it, or it is not yet known whether it was made: come back later."""


def album_of(upload: Upload, service: PhotoService, lease: Lease) -> str:
    """The remote id of the album that the upload goes to, "" for none. Raises AlbumNotReady."""
    batch = UploadBatch.objects.select_related("album").get(pk=upload.batch_id)
    if batch.album is not None:
        return batch.album.remote_id
    if not batch.new_album_title:
        return ""
    _become_maker(batch, upload)
    found = _made_before(batch, service) if batch.album_asked_at else None
    made = found or _make(batch, service, lease)
    row = save_album(upload.account, made)
    UploadBatch.objects.filter(pk=batch.pk).update(
        album=row, album_asked_at=None, albums_before=[], sealed_album_password=""
    )
    return row.remote_id


def _become_maker(batch: UploadBatch, upload: Upload) -> None:
    """One UPDATE decides which of several workers makes the album."""
    at_work = Upload.objects.filter(is_held(timezone.now()), making__pk=batch.pk, status=Status.SENDING)
    free = Q(album_maker=None) | Q(album_maker=upload) | ~Exists(at_work)
    if not UploadBatch.objects.filter(free, pk=batch.pk, album=None).update(album_maker=upload):
        raise AlbumNotReady
    batch.refresh_from_db()


def _made_before(batch: UploadBatch, service: PhotoService) -> Album | None:
    """The album that an earlier call made after all; None when it certainly did not."""
    before = set(batch.albums_before)
    new = [album for album in service.albums() if album.remote_id not in before]
    for album in new:
        if album.title == batch.new_album_title:
            return album
    for album in new:  # the service may have renamed it: "Summer" stands there as "Summer-1"
        if album.title.startswith(batch.new_album_title):
            return album
    if _may_still_appear(batch):
        raise AlbumNotReady
    return None


def _may_still_appear(batch: UploadBatch) -> bool:
    now, asked_at = timezone.now(), batch.album_asked_at
    if asked_at is not None and asked_at > now + CLOCK_TOLERANCE:  # by a clock that was wrong
        UploadBatch.objects.filter(pk=batch.pk).update(album_asked_at=now)
        asked_at = now
    return asked_at is not None and now < asked_at + timedelta(seconds=settings.UPLOAD_DOUBT_SECONDS)


def _make(batch: UploadBatch, service: PhotoService, lease: Lease) -> Album:
    before = [album.remote_id for album in service.albums()]
    _write(batch, lease, albums_before=before, album_asked_at=timezone.now())
    step("album_listed")
    try:
        made = _ask_for(batch, service)
    except (OutcomeUnknown, ProtocolError):
        raise
    except ProviderError:  # a clear no: nothing was made
        _write(batch, lease, albums_before=[], album_asked_at=None)
        raise
    step("album_made")
    return made


def _ask_for(batch: UploadBatch, service: PhotoService) -> Album:
    """Raises Refused where the service has no passwords: the album must not stand open instead."""
    title, description, password = batch.new_album_title, batch.new_album_description, _password(batch)
    words = description if isinstance(service, AlbumDescriptions) else ""
    if password:
        if not isinstance(service, AlbumPasswords):
            raise _refused(batch, "refused", "its albums have no passwords")
        return service.create_closed_album(title, password=password, description=words)
    if words and isinstance(service, AlbumDescriptions):
        return service.create_described_album(title, description=words)
    return service.create_album(title)


def _password(batch: UploadBatch) -> str:
    """Raises Refused when its key was taken out of the vault: the album must not stand open instead."""
    if not batch.sealed_album_password:
        return ""
    try:
        return vault().open(batch.sealed_album_password, PURPOSE, str(batch.account_id), batch.key)
    except CannotOpen:
        raise _refused(batch, "password_gone", "the password cannot be read any more") from None


def _refused(batch: UploadBatch, code: str, message: str) -> Refused:
    return Refused(message, provider=batch.account.kind, operation="create_album", code=code)


def _write(batch: UploadBatch, lease: Lease, **changes: object) -> None:
    lease.renew()
    rows = UploadBatch.objects.filter(pk=batch.pk, album_maker=batch.album_maker_id, album=None)
    with lasting():
        is_written = rows.update(**changes)
    if not is_written:
        raise LeaseLost
