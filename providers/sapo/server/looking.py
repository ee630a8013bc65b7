"""Looking at all of a photo's file, once it has come: its colours and checksum, the size shown first.

Decoding takes longer than keeping the file for good, so nobody who sends one waits for it
(decision 27). The rows themselves say what is left to look at.
"""

import hashlib
import logging
import time
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from providers import pictures
from providers.renditions import local_copy, stored_rendition
from providers.sapo.protocol_tables import VIEW_BOXES
from providers.sapo.server.models import Image
from providers.sapo.server.shelves import note_change

logger = logging.getLogger(__name__)
NORMAL_BOX = next(box for box in VIEW_BOXES if box.size == "normal")
_FOUND = ("md5", "ref_colour", "average_colour", "is_damaged", "is_looked_at")
_RUN_SECONDS = 60
_TURN = "sapo-looking"


def look_at_new() -> int:
    """Look at all that has come, oldest first; returns how many photos. One process at a time."""
    if not cache.add(_TURN, 1, 2 * _RUN_SECONDS):
        return 0
    count, last, deadline = 0, 0, time.monotonic() + _RUN_SECONDS
    waiting = Image.objects.filter(is_pending=False, is_looked_at=False).order_by("pk")
    try:
        while time.monotonic() < deadline and (image := waiting.filter(pk__gt=last).first()):
            last = image.pk
            count += seen(image).is_looked_at
    finally:
        cache.delete(_TURN)
    return count


def seen(image: Image) -> Image:
    """`image`, looked at now if nobody has yet: who asks for one photo gets the whole answer."""
    if not (image.is_pending or image.is_looked_at):
        try:
            look_at(image)
        except OSError:
            logger.exception("the file of image %s could not be read", image.pk)
    return image


def look_at(image: Image) -> None:
    """Fill in what the file of `image` tells, and make its `normal` size.

    A picture that cannot be decoded keeps its file, and no smaller size is tried again. Raises OSError
    while the storage does not answer.
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
    image.is_looked_at = True
    found = {name: getattr(image, name) for name in _FOUND}
    Image.objects.filter(pk=image.pk).update(**found)
    note_change(image)


def _md5(path: Path) -> str:
    # The feed's media:hash names this algorithm; nothing is guarded by it.
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
