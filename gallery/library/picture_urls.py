"""Addresses of pictures: what a template prints, and what the picture proxy (picture_proxy.py) believes.

An address names a photo and a width; its key is signed over the photo and what its renditions are. It
holds nothing of the service and no time, so that browsers cache the picture until it changes.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache

from django.utils.crypto import constant_time_compare, salted_hmac

from gallery.library.models import Photo
from providers.contract.entities import Rendition

SIZES = (240, 480, 960, 1920)  # pixels of width
_PLAIN_SIZE = 480
_SALT = "gallery.library.images"


@dataclass(frozen=True, slots=True)
class PictureSources:
    """The attributes of an <img>; width and height in the right proportion."""

    src: str
    srcset: str
    width: int
    height: int


def picture_sources(photo: Photo) -> PictureSources:
    src, srcset = sources(photo.pk, photo.picture_key, photo.width)
    return PictureSources(src, srcset, *shape(photo.width, photo.height, photo.ratio_class))


def sources(photo_pk: int, picture_key: str, width: int | None) -> tuple[str, str]:
    """(src, srcset) of a photo that is `width` pixels wide."""
    return _printed(f"/pictures/{photo_pk}/{address_key(photo_pk, picture_key)}", width)


def found_sources(key: str, width: int | None) -> tuple[str, str]:
    """(src, srcset) of a photo found at a service (search/remote.py)."""
    return _printed(f"/pictures/found/{key}", width)


def _printed(base: str, width: int | None) -> tuple[str, str]:
    offers = _offers(width)
    plain = min(_PLAIN_SIZE, offers[-1][0])
    return f"{base}/{plain}", ", ".join([f"{base}/{size} {label}" for size, label in offers])


@lru_cache(maxsize=4096)
def _offers(width: int | None) -> tuple[tuple[int, str], ...]:
    """Sizes worth offering with their srcset labels: up to the first that holds the whole photo."""
    smaller = [(size, f"{size}w") for size in SIZES if not width or size < width]
    if width and width < SIZES[-1]:
        whole = next(size for size in SIZES if size >= width)
        return (*smaller, (whole, f"{width}w"))
    return tuple(smaller)


def shape(width: int | None, height: int | None, ratio_class: str) -> tuple[int, int]:
    """Width and height in pixels, or in proportion where the service leaves them out."""
    if width and height:
        return width, height
    return int(ratio_class.removeprefix("r-")), 100


def address_key(photo_pk: int, picture_key: str) -> str:
    digest = salted_hmac(_SALT, f"{photo_pk}:{picture_key}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:12]).decode()


def is_genuine(key: str, photo_pk: int, picture_key: str) -> bool:
    return constant_time_compare(key, address_key(photo_pk, picture_key))


def best_rendition(
    renditions: list[Rendition], size: int, width: int | None, height: int | None
) -> tuple[Rendition, int | None]:
    """The smallest that is `size` wide, else the widest; with its width in pixels, None if unknown."""
    measured = [(part, rendered_width(part, width, height)) for part in renditions]
    enough = [(part, wide) for part, wide in measured if wide is not None and wide >= size]
    if enough:
        return min(enough, key=lambda pair: pair[1])
    whole = [pair for pair in measured if pair[1] is None]
    return whole[0] if whole else max(measured, key=lambda pair: pair[1] or 0)


def rendered_width(part: Rendition, width: int | None, height: int | None) -> int | None:
    """How wide a photo of `width` x `height` comes out of a rendition's box."""
    if part.max_width is None and part.max_height is None:
        return width
    if not width or not height:
        return part.max_width or part.max_height
    scales = [1.0]
    if part.max_width:
        scales.append(part.max_width / width)
    if part.max_height:
        scales.append(part.max_height / height)
    return round(width * min(scales))
