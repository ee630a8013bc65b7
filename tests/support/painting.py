"""Small real pictures for tests, painted with code."""

import io

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]


def picture(
    kind: str = "jpeg", width: int = 64, height: int = 48, colour: Colour = (40, 90, 160), text: str = ""
) -> bytes:
    """The bytes of a picture; another `text` or `colour` gives other bytes."""
    image = Image.new("RGB", (width, height), colour)
    draw = ImageDraw.Draw(image)
    draw.ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), fill=(230, 200, 90))
    if text:
        draw.text((2, 2), text, fill=(255, 255, 255))
    out = io.BytesIO()
    image.save(out, kind.upper())
    return out.getvalue()


def size_of(content: bytes) -> tuple[int, int]:
    """(width, height) of a picture, decoded."""
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return image.size


def huge_png(width: int = 20_000, height: int = 20_000) -> bytes:
    """A small file that unpacks to 400 megapixels."""
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG", optimize=False)
    return out.getvalue()
