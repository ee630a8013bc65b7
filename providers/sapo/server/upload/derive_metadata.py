"""Derives metadata from a photo's file after it has arrived: colours, checksum, and the size shown first.

Decoding takes longer than storing the file, so that no sender waits for it (decision 27). The rows
themselves say which photos are not processed yet.
"""

import hashlib
import logging
import time
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from providers import pictures
from providers.sapo.protocol_tables import VIEW_BOXES
from providers.sapo.server.models import Image
from providers.sapo.server.photo_store import increment_page_version
from providers.server.renditions import local_copy, stored_rendition

logger = logging.getLogger(__name__)
NORMAL_BOX = next(box for box in VIEW_BOXES if box.size == "normal")
_DERIVED = ("md5", "ref_colour", "average_colour", "is_damaged", "is_processed")
_RUN_SECONDS = 60
_LOCK_KEY = "sapo-looking"


def process_new_images() -> int:
    """Process all new photos, oldest first; returns how many. One process at a time does."""
    if not cache.add(_LOCK_KEY, 1, 2 * _RUN_SECONDS):
        return 0
    count, last, deadline = 0, 0, time.monotonic() + _RUN_SECONDS
    waiting = Image.objects.filter(is_pending=False, is_processed=False).order_by("pk")
    try:
        while time.monotonic() < deadline and (image := waiting.filter(pk__gt=last).first()):
            last = image.pk
            count += processed(image).is_processed
    finally:
        cache.delete(_LOCK_KEY)
    return count


def processed(image: Image) -> Image:
    """`image`, processed now if it is not yet: a request for one photo gets the complete response."""
    if not (image.is_pending or image.is_processed):
        try:
            derive_metadata(image)
        except OSError:
            logger.exception("the file of image %s could not be read", image.pk)
    return image


def derive_metadata(image: Image) -> None:
    """Fill in what the file of `image` holds, and make its `normal` size.

    A picture that cannot be decoded is damaged: its file stays, and no smaller size is tried again. Raises
    OSError while the storage does not respond.
    """
    try:
        with local_copy(image.file_name) as path:
            image.md5 = _md5(path)
            facts = pictures.inspect(path, max_pixels=settings.SERVER_MAX_PIXELS)
        box = NORMAL_BOX.width, NORMAL_BOX.height
        stored_rendition(image.file_name, *box, max_pixels=settings.SERVER_MAX_PIXELS)
    except (pictures.BadPicture, FileNotFoundError) as error:
        logger.error("the pixels of image %s cannot be read: %r", image.pk, error)
        image.is_damaged = True
    else:
        image.ref_colour = image.average_colour = bytes(facts.colour).hex()
    image.is_processed = True
    derived = {name: getattr(image, name) for name in _DERIVED}
    Image.objects.filter(pk=image.pk).update(**derived)
    increment_page_version(image)


def _md5(path: Path) -> str:
    # The feed's media:hash names this algorithm; nothing is guarded by it.
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
