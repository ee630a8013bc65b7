"""libvips, set up for files that strangers sent, and how such a file is opened.

libvips itself sets no limit on pixels, opens SVG and takes truncated files: the limits are here and in
`inspection` (decision 4). Whoever needs `pyvips` takes it from here: it reads these settings of the
environment when it is first imported.
"""

import ctypes
import os
from contextlib import suppress
from pathlib import Path

from providers.pictures.formats import BadPicture

os.environ.setdefault("VIPS_CONCURRENCY", "1")
os.environ.setdefault("VIPS_BLOCK_UNTRUSTED", "1")

import pyvips

__all__ = ["DEFAULT_MAX_PIXELS", "open_bmp", "pyvips", "thumbnail"]

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

DEFAULT_MAX_PIXELS = 100_000_000


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
