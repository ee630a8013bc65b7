"""Looking into picture files that strangers sent, and making smaller ones, with libvips.

libvips itself sets no limit on pixels, opens SVG and takes truncated files: the limits are here
(decision 4). Needs no Django; used by the gallery's uploads and by both servers.
"""

import ctypes
import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from providers import wholeness

os.environ.setdefault("VIPS_CONCURRENCY", "1")
os.environ.setdefault("VIPS_BLOCK_UNTRUSTED", "1")

import pyvips

pyvips.cache_set_max(0)  # no file is worth keeping decoded: each is asked for once


def _keep_one_heap() -> None:
    """Has glibc serve all threads from one heap, where it is glibc.

    libvips decodes in a thread of its own each time, and what one thread gave back another heap's
    thread cannot take: a large picture would cost its buffers once for every step.
    """
    arena_max = -8  # M_ARENA_MAX of malloc.h
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(arena_max, 1)


_keep_one_heap()

MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "webp": "image/webp",
}
DEFAULT_MAX_PIXELS = 100_000_000
Colour = tuple[int, int, int]  # red, green, blue
_EXIF_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")


class BadPicture(ValueError):
    """The file cannot be taken; `reason` is one of: empty, not_a_picture, damaged, too_many_pixels."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """What a picture file is. Width and height in pixels as seen, EXIF rotation applied.

    `taken_at` is EXIF's own local time, naive.
    """

    kind: str
    media_type: str
    width: int
    height: int
    byte_size: int
    taken_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPicture(PictureFacts):
    """A picture file whose pixels were looked at; `colour` is their average."""

    colour: Colour


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


def inspect(path: Path, *, max_pixels: int = DEFAULT_MAX_PIXELS) -> SeenPicture:
    """Facts about the file at `path`, after decoding all of it. Raises BadPicture."""
    facts = _facts(path, max_pixels)
    return SeenPicture(**asdict(facts), colour=_average_colour(path, facts.kind))


def glance(path: Path, *, max_pixels: int = DEFAULT_MAX_PIXELS) -> PictureFacts:
    """As `inspect`, but of a JPEG or PNG only the structure is looked at, which is quick.

    Raises BadPicture for what is no picture, breaks off or has too many pixels.
    """
    facts = _facts(path, max_pixels)
    if facts.kind not in wholeness.KINDS:
        _average_colour(path, facts.kind)
    elif not wholeness.is_whole(path, facts.kind):
        raise BadPicture("damaged")
    return facts


def _facts(path: Path, max_pixels: int) -> PictureFacts:
    byte_size = path.stat().st_size
    if not byte_size:
        raise BadPicture("empty")
    with path.open("rb") as file:
        kind = recognise(file.read(16))
    if not kind:
        raise BadPicture("not_a_picture")
    width, height, taken_at = _read_header(path, kind, max_pixels)
    return PictureFacts(
        kind=kind,
        media_type=MEDIA_TYPES[kind],
        width=width,
        height=height,
        byte_size=byte_size,
        taken_at=taken_at,
    )


def _read_header(path: Path, kind: str, max_pixels: int) -> tuple[int, int, datetime | None]:
    if kind == "bmp":
        image = _open_bmp(path, max_pixels)
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


def _open_bmp(path: Path, max_pixels: int) -> pyvips.Image:
    # libvips as shipped reads no BMP; Pillow does, and refuses what is damaged.
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


def _average_colour(path: Path, kind: str) -> Colour:
    """Decodes the whole file strictly on the way: a truncated one is found here."""
    try:
        if kind in ("jpeg", "webp", "bmp"):  # JPEG and WebP shrink while they are read
            image = _thumbnail(path, kind, 32, 32, max_pixels=None)
        else:  # row by row: shrinking would hold many rows of a large one at once
            image = pyvips.Image.new_from_file(str(path), access="sequential", fail_on="error")
        if image.hasalpha():
            image = image.colourspace("srgb").flatten(background=[255, 255, 255])
        stats = image.stats()
        means = [stats.getpoint(4, band + 1)[0] for band in range(image.bands)]
        # The mean is brought into sRGB, not every pixel: whole rows of floats would be held for that.
        pixel = (pyvips.Image.black(1, 1) + means).copy(interpretation=image.interpretation)
        red, green, blue = (round(value) for value in pixel.colourspace("srgb").getpoint(0, 0))
    except pyvips.Error:
        raise BadPicture("damaged") from None
    return red, green, blue


def _thumbnail(path: Path, kind: str, width: int, height: int, max_pixels: int | None) -> pyvips.Image:
    try:
        if kind == "bmp":
            source = _open_bmp(path, max_pixels or DEFAULT_MAX_PIXELS)
            small = source.thumbnail_image(width, height=height, size="down")
        elif (every := _thinning(path, kind, max(width, height))) > 1:
            source = pyvips.Image.new_from_file(str(path), access="sequential", fail_on="error")
            small = source.subsample(every, every).thumbnail_image(width, height=height, size="down")
        else:
            small = pyvips.Image.thumbnail(str(path), width, height=height, size="down", fail_on="error")
        return small.colourspace("srgb").copy_memory()
    except pyvips.Error:
        raise BadPicture("damaged") from None


def _thinning(path: Path, kind: str, side: int) -> int:
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
    _read_header(path, kind, max_pixels)
    small = _thumbnail(path, kind, width, height, max_pixels)
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
