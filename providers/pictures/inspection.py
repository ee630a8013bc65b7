"""What a picture file is: its format, size and date, and whether all of it is there."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from providers.pictures import wholeness
from providers.pictures.decoding import (
    DEFAULT_MAX_PIXELS,
    MEDIA_TYPES,
    BadPicture,
    pyvips,
    read_header,
    recognise,
    thumbnail,
)

Colour = tuple[int, int, int]  # red, green, blue


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
class DecodedPicture(PictureFacts):
    """A picture file that was decoded whole; `colour` is their average."""

    colour: Colour


def inspect(path: Path, *, max_pixels: int = DEFAULT_MAX_PIXELS) -> DecodedPicture:
    """Facts about the file at `path`, after decoding all of it. Raises BadPicture."""
    facts = _facts(path, max_pixels)
    return DecodedPicture(**asdict(facts), colour=_average_colour(path, facts.kind))


def inspect_structure(path: Path, *, max_pixels: int = DEFAULT_MAX_PIXELS) -> PictureFacts:
    """As `inspect`, but of a JPEG or PNG only the structure is checked, which is quick.

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
    width, height, taken_at = read_header(path, kind, max_pixels)
    return PictureFacts(
        kind=kind,
        media_type=MEDIA_TYPES[kind],
        width=width,
        height=height,
        byte_size=byte_size,
        taken_at=taken_at,
    )


def _average_colour(path: Path, kind: str) -> Colour:
    """Decodes the whole file strictly on the way: a truncated one is found here."""
    try:
        if kind in ("jpeg", "webp", "bmp"):  # JPEG and WebP shrink while they are read
            image = thumbnail(path, kind, 32, 32, max_pixels=None)
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
