"""How picture files that strangers sent are opened and made smaller, with libvips.

libvips itself sets no limit on pixels, opens SVG and takes truncated files: the limits are here and in
`inspection` (decision 4). Whoever needs `pyvips` takes it from here: it reads these settings of the
environment when it is first imported.
"""

import ctypes
import os
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

os.environ.setdefault("VIPS_CONCURRENCY", "1")
os.environ.setdefault("VIPS_BLOCK_UNTRUSTED", "1")

import pyvips

__all__ = [
    "DEFAULT_MAX_PIXELS",
    "MEDIA_TYPES",
    "BadPicture",
    "open_bmp",
    "pyvips",
    "read_header",
    "recognise",
    "shrink",
    "thumbnail",
]

DEFAULT_MAX_PIXELS = 100_000_000
MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "webp": "image/webp",
}
_EXIF_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")

pyvips.cache_set_max(0)  # each file is decoded once, so that caching it would only cost memory


def _use_one_heap() -> None:
    """Make glibc, where it is the C library, serve all threads from one heap.

    libvips decodes in a thread of its own each time, and what one thread gave back another heap's
    thread cannot take: a large picture would cost its buffers once for every step.
    """
    arena_max = -8  # M_ARENA_MAX of malloc.h
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(arena_max, 1)


_use_one_heap()


class BadPicture(ValueError):
    """The file cannot be taken; `reason` is one of: empty, not_a_picture, damaged, too_many_pixels."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def recognise(head: bytes) -> str:
    """The kind ("jpeg", "png", ...) by the first bytes, "" when it is none that we take."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head.startswith(b"BM"):
        return "bmp"
    if head.startswith((b"II*\0", b"MM\0*")):
        return "tiff"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    return ""


def read_header(path: Path, kind: str, max_pixels: int) -> tuple[int, int, datetime | None]:
    if kind == "bmp":
        image = open_bmp(path, max_pixels)
    else:
        try:
            # By its own reader: asking all of them whose it is takes as long again.
            load = pyvips.Image.jpegload if kind == "jpeg" else pyvips.Image.new_from_file
            image = load(str(path), access="sequential")
        except pyvips.Error:
            raise BadPicture("damaged") from None
    if image.width * image.height > max_pixels:
        raise BadPicture("too_many_pixels")
    width, height = image.width, image.height
    if _field(image, "orientation") in (5, 6, 7, 8):
        width, height = height, width
    return width, height, _exif_date(image)


def _field(image: pyvips.Image, name: str) -> object:
    return image.get(name) if image.get_typeof(name) else None


def _exif_date(image: pyvips.Image) -> datetime | None:
    for name in ("exif-ifd2-DateTimeOriginal", "exif-ifd2-DateTimeDigitized", "exif-ifd0-DateTime"):
        match = _EXIF_DATE.match(str(_field(image, name) or ""))
        if match:
            try:
                year, month, day, hour, minute, second = (int(part) for part in match.groups())
                return datetime(year, month, day, hour, minute, second)
            except ValueError:
                continue
    return None


def open_bmp(path: Path, max_pixels: int) -> pyvips.Image:
    """The picture by way of Pillow: libvips as shipped reads no BMP. Raises BadPicture."""
    from PIL import Image

    try:
        with Image.open(path, formats=["BMP"]) as picture:
            if picture.width * picture.height > max_pixels:
                raise BadPicture("too_many_pixels")
            rgb = picture.convert("RGB")
            return pyvips.Image.new_from_memory(rgb.tobytes(), rgb.width, rgb.height, 3, "uchar")
    except BadPicture:
        raise
    except Exception:  # Pillow raises many kinds; all mean the same here
        raise BadPicture("damaged") from None


def thumbnail(path: Path, kind: str, width: int, height: int, max_pixels: int | None) -> pyvips.Image:
    """The picture made to fit `width` x `height`, decoded strictly, in sRGB. Raises BadPicture."""
    try:
        if kind == "bmp":
            source = open_bmp(path, max_pixels or DEFAULT_MAX_PIXELS)
            small = source.thumbnail_image(width, height=height, size="down")
        elif (every := _subsampling(path, kind, max(width, height))) > 1:
            source = pyvips.Image.new_from_file(str(path), access="sequential", fail_on="error")
            small = source.subsample(every, every).thumbnail_image(width, height=height, size="down")
        else:
            small = pyvips.Image.thumbnail(str(path), width, height=height, size="down", fail_on="error")
        return small.colourspace("srgb").copy_memory()
    except pyvips.Error:
        raise BadPicture("damaged") from None


def _subsampling(path: Path, kind: str, side: int) -> int:
    """How many pixels of a very large picture may be one before it is shrunk.

    libvips holds as many rows as it makes one of. Eight to one are still averaged. JPEG and WebP shrink
    while they are read.
    """
    if kind in ("jpeg", "webp"):
        return 1
    image = pyvips.Image.new_from_file(str(path), access="sequential")
    return int(max(image.width, image.height) // (8 * side))


def shrink(path: Path, width: int, height: int, *, max_pixels: int = DEFAULT_MAX_PIXELS) -> tuple[bytes, str]:
    """(bytes, media type) of the picture made to fit `width` x `height`, never enlarged.

    Re-encoded from pixels: metadata and whatever else lay in the file is not carried over. JPEG
    stays JPEG, GIF becomes its first picture, PNG and BMP become PNG, the rest JPEG. Raises BadPicture.
    """
    with path.open("rb") as file:
        kind = recognise(file.read(16))
    if not kind:
        raise BadPicture("not_a_picture")
    read_header(path, kind, max_pixels)
    small = thumbnail(path, kind, width, height, max_pixels)
    try:
        if kind in ("png", "bmp"):
            return bytes(small.pngsave_buffer(keep="none")), "image/png"
        if kind == "gif":
            return bytes(small.gifsave_buffer(keep="none")), "image/gif"
        if small.hasalpha():
            small = small.flatten(background=[255, 255, 255])
        return bytes(small.jpegsave_buffer(Q=82, keep="none", optimize_coding=True)), "image/jpeg"
    except pyvips.Error:
        raise BadPicture("damaged") from None
