"""The pictures of a photo: their boxes, their URLs and their files on storage.

A URL is `/i/<letter><8 hex>/<image id>_<5 letters and digits>.<ending>` as on the live service
(docs/protocols/sapo.md, 1.5). Hex and suffix are a keyed hash of photo and box: they
need no table, distinguish boxes of the same letter, and nobody finds them by counting. As there, whoever
has the URL sees the picture.
"""

import hashlib
import hmac
import string
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.files.storage import default_storage

from providers.pictures import MEDIA_TYPES, BadPicture
from providers.sapo.protocol_tables import ORIGINAL_LETTER, ORIGINAL_SIZE, VIEW_BOXES, ViewBox
from providers.sapo.server.models import Image
from providers.server.renditions import delete_with_renditions, stored_rendition

_BOXES = len(VIEW_BOXES) + 1
_HEX_BYTES, _SUFFIX = 4, 5
_SLICES = [
    (
        slice(2 * _HEX_BYTES * place, 2 * _HEX_BYTES * (place + 1)),
        slice(_SUFFIX * place, _SUFFIX * (place + 1)),
    )
    for place in range(_BOXES)
]
# Any byte -> one of the letters and digits of a suffix.
_AS_LETTERS = ((string.ascii_letters + string.digits) * 5)[:256].encode()
# The format of smaller pictures by the original's; of all others it is JPEG (providers/pictures/decoding.py).
_RENDITION_FORMATS = {"png": "png", "bmp": "png", "gif": "gif"}


@dataclass(frozen=True, slots=True)
class View:
    """One picture of a photo as responses list it: the box in pixels (for the original its own size)."""

    size: str
    request_width: int
    request_height: int
    url: str


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture ready to be sent."""

    name: str
    media_type: str


def original_box(image: Image) -> ViewBox:
    """The box of the file as it arrived."""
    return ViewBox(ORIGINAL_SIZE, ORIGINAL_LETTER, image.width, image.height)


def boxes_of(image: Image) -> Iterator[ViewBox]:
    """The original, then the nine boxes from the smallest; none before the file has arrived."""
    if not image.is_pending:
        yield original_box(image)
        yield from VIEW_BOXES


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    """Of one length: SHAKE-256 over key and text is then a keyed hash as HMAC is one."""
    return hashlib.sha256(b"providers.sapo.server.media" + secret.encode()).digest()


def picture_marks(image: Image) -> list[tuple[str, str]]:
    """The hex and the suffix in the URL of each box; one keyed hash serves all boxes of a photo."""
    name = f"{image.pk}/{image.uid}".encode()
    marks = hashlib.shake_256(_key(settings.SECRET_KEY) + name).digest(_BOXES * (_HEX_BYTES + _SUFFIX))
    hexes = marks[: _BOXES * _HEX_BYTES].hex()
    suffixes = marks[_BOXES * _HEX_BYTES :].translate(_AS_LETTERS).decode()
    return [(hexes[first], suffixes[second]) for first, second in _SLICES]


def picture_path(box: ViewBox, kind: str, mark: str, key: object, suffix: str) -> str:
    """The path of one picture below the service's own URL; `kind` and `key` are the photo's."""
    ending = kind if box.size == ORIGINAL_SIZE else _RENDITION_FORMATS.get(kind, "jpeg")
    return f"i/{box.letter}{mark}/{key}_{suffix}.{ending}"


def picture_paths(image: Image) -> list[tuple[ViewBox, str]]:
    """Each box of the photo with its path below the service's own URL."""
    return [
        (box, picture_path(box, image.format, mark, image.pk, suffix))
        for box, (mark, suffix) in zip(boxes_of(image), picture_marks(image), strict=False)
    ]


def view_urls(image: Image, base_url: str) -> list[View]:
    """All pictures of `image`; `base_url` is the service's own as the caller reaches it."""
    return [View(box.size, box.width, box.height, f"{base_url}/{path}") for box, path in picture_paths(image)]


def box_at(image: Image, path: str) -> ViewBox | None:
    """Which picture of `image` is at `path` ("i/..."), None when none does."""
    for box, known in picture_paths(image):
        if hmac.compare_digest(known.encode(), path.encode()):
            return box
    return None


def stored_picture(image: Image, box: ViewBox) -> StoredPicture | None:
    """The file to send for `box`; a smaller one is made when it is first requested.

    None while another request makes it. Raises pictures.BadPicture, OSError.
    """
    if box.size == ORIGINAL_SIZE:
        return StoredPicture(image.file_name, image.media_type)
    if image.is_damaged:
        raise BadPicture("damaged")
    name = stored_rendition(image.file_name, box.width, box.height, max_pixels=settings.SERVER_MAX_PIXELS)
    return None if name is None else StoredPicture(name, MEDIA_TYPES[name.rpartition(".")[2]])


def delete_files(file_name: str) -> None:
    """Remove a photo's file and its smaller pictures from storage; "" is no file.

    The file goes first: smaller pictures that cannot be deleted must not stop that.
    """
    if file_name:
        default_storage.delete(file_name)
        with suppress(OSError):
            delete_with_renditions(file_name, [(box.width, box.height) for box in VIEW_BOXES])
