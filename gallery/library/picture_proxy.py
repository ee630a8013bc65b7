"""Bytes of pictures: from the cache on storage, or once from the service for however many askers.

The cache is bounded (settings.IMAGE_CACHE_BYTES); what was not looked at for longest goes first.
"""

import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db.models import F, Sum
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.library.models import CachedPicture, Photo, Timeline
from gallery.library.picture_urls import best_rendition
from gallery.library.tiles import UNKNOWN_RATIO, colour_class, ratio_class
from gallery.optional_write import optional_write
from gallery.remote.ask import Query, ask
from gallery.remote.deadline import NoReply
from gallery.remote.limits import PICTURES
from providers import pictures
from providers.contract.base import PhotoService
from providers.contract.entities import Rendition
from providers.contract.errors import ProviderError

log = logging.getLogger(__name__)
_MAX_BYTES = 64 * 1024 * 1024  # of one picture that is only to be shown
_SHOWN = ("jpeg", "png", "gif", "webp")  # kinds that every browser shows
_MUCH_TOO_WIDE = 1.5


class NoPicture(Exception):
    """It cannot be had now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One picture in one size. `photo_pk` is None for what a search found elsewhere."""

    key: str
    account_pk: int
    renditions: Sequence[Rendition]
    size: int
    width: int | None
    height: int | None
    photo_pk: int | None = None


def find_picture(key: str) -> CachedPicture | None:
    """The cached picture; that it was looked at is noted once a day."""
    row = CachedPicture.objects.filter(key=key).first()
    if row is not None and row.used_at < timezone.now() - timedelta(days=1):
        rows = CachedPicture.objects.filter(pk=row.pk)
        optional_write(lambda: rows.update(used_at=timezone.now()))
    return row


def fetch_picture(wanted: Wanted) -> CachedPicture:
    """The picture, brought from its service if need be. Raises NoPicture within the deadline of PICTURES."""
    account = LinkedAccount.objects.filter(pk=wanted.account_pk).first()
    if account is None or not wanted.renditions:
        raise NoPicture
    query = Query(
        limits=PICTURES,
        name=wanted.key,
        work=lambda service: _bring(service, wanted),
        find=lambda: find_picture(wanted.key),
    )
    try:
        return ask(account, query)
    except (NoReply, ProviderError) as error:
        log.info("no picture of account %s: %s", wanted.account_pk, type(error).__name__)
        raise NoPicture from None


def _bring(service: PhotoService, wanted: Wanted) -> CachedPicture:
    rendition, wide = best_rendition(list(wanted.renditions), wanted.size, wanted.width, wanted.height)
    with tempfile.NamedTemporaryFile(prefix="pomar-picture-") as file:
        byte_size = _receive(service, rendition, file)
        path = Path(file.name)
        with path.open("rb") as head:
            kind = pictures.recognise(head.read(16))
        if not kind:
            raise NoPicture
        _learn(wanted, path)
        content, media_type = _fitting(path, kind, byte_size, wide, wanted.size)
        return _store(wanted, content, media_type)


def _receive(service: PhotoService, rendition: Rendition, file: IO[bytes]) -> int:
    picture, total = service.fetch(rendition), 0
    for chunk in picture.chunks:
        total += len(chunk)
        if total > _MAX_BYTES:
            raise NoPicture
        file.write(chunk)
    file.flush()
    return total


def _fitting(path: Path, kind: str, byte_size: int, wide: int | None, size: int) -> tuple["File[bytes]", str]:
    """The file itself, or a smaller one where it is much too wide or of a kind browsers do not show."""
    is_large = wide > size * _MUCH_TOO_WIDE if wide else byte_size > 300_000
    if kind in _SHOWN and (not is_large or kind == "gif"):
        return File(path.open("rb")), pictures.MEDIA_TYPES[kind]
    try:
        content, media_type = pictures.shrink(path, size, size * 4, max_pixels=settings.SERVER_MAX_PIXELS)
    except pictures.BadPicture as error:
        if kind not in _SHOWN or error.reason != "damaged":
            raise NoPicture from None
        return File(path.open("rb")), pictures.MEDIA_TYPES[kind]
    return ContentFile(content), media_type


def _store(wanted: Wanted, content: "File[bytes]", media_type: str) -> CachedPicture:
    kind = media_type.removeprefix("image/")
    with content:
        byte_size = content.size
        name = default_storage.save(f"pictures/{wanted.account_pk}/{wanted.key}.{kind}", content)
    row, is_new = CachedPicture.objects.get_or_create(
        key=wanted.key,
        defaults={
            "account_id": wanted.account_pk,
            "photo_id": wanted.photo_pk,
            "name": name,
            "media_type": media_type,
            "byte_size": byte_size,
            "used_at": timezone.now(),
        },
    )
    if not is_new and row.name != name:
        default_storage.delete(name)
    return row


def _learn(wanted: Wanted, path: Path) -> None:
    """Proportion and colour of a photo whose service leaves them out, from its first picture."""
    if wanted.photo_pk is None:
        return
    rows = Photo.objects.filter(pk=wanted.photo_pk)
    row = rows.values("owner_id", "width", "ratio_class", "colour_class").first()
    if row is None or row["colour_class"]:
        return
    try:
        facts = pictures.inspect(path, max_pixels=settings.SERVER_MAX_PIXELS)
    except pictures.BadPicture:
        return
    learnt = {"colour_class": colour_class(*facts.colour)}
    if not row["width"] and row["ratio_class"] == UNKNOWN_RATIO:
        learnt["ratio_class"] = ratio_class(facts.width, facts.height)
    rows.update(**learnt)
    Timeline.objects.filter(pk=row["owner_id"]).update(version=F("version") + 1)


def trim_pictures() -> int:
    """Bring the cache within its bounds; returns how many pictures went."""
    total = CachedPicture.objects.aggregate(total=Sum("byte_size"))["total"] or 0
    if total <= settings.IMAGE_CACHE_BYTES:
        return 0
    count = 0
    for row in CachedPicture.objects.order_by("used_at", "pk").iterator(chunk_size=500):
        row.delete()
        count, total = count + 1, total - row.byte_size
        if total <= settings.IMAGE_CACHE_BYTES * 0.9:
            break
    return count
