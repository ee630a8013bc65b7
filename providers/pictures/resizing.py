"""Smaller pictures, made from the pixels of larger ones."""

from pathlib import Path

from providers.pictures.formats import BadPicture, recognise
from providers.pictures.inspection import read_header
from providers.pictures.vips import DEFAULT_MAX_PIXELS, pyvips, thumbnail


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
