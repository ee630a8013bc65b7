"""Renditions: smaller pictures of originals on Django's storage, made once and stored beside them."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from providers import pictures
from providers.single_flight import once


@contextmanager
def local_copy(name: str) -> Iterator[Path]:
    """A path on this machine to the stored file `name`: itself where it is on disk, else a copy."""
    try:
        yield Path(default_storage.path(name))
        return
    except NotImplementedError:
        pass  # object storage has no paths
    with tempfile.NamedTemporaryFile(prefix="pomar-") as copy, default_storage.open(name) as source:
        shutil.copyfileobj(source, copy, 1024 * 1024)
        copy.flush()
        yield Path(copy.name)


def rendition_name(original: str, width: int, height: int, kind: str) -> str:
    """The name of the rendition of `original` in a box: derived from both, so that no table is needed."""
    folder = hashlib.sha256(original.encode()).hexdigest()
    return f"renditions/{folder[:2]}/{folder[2:34]}/{width}x{height}.{kind}"


def stored_rendition(
    original: str, width: int, height: int, *, max_pixels: int = pictures.DEFAULT_MAX_PIXELS
) -> str | None:
    """The stored name of `original` made to fit the box; its suffix shows the type.

    None while another request is still making it. Raises pictures.BadPicture, FileNotFoundError.
    """
    names = [rendition_name(original, width, height, kind) for kind in ("jpeg", "png", "gif")]

    def find() -> str | None:
        return next((name for name in names if default_storage.exists(name)), None)

    def make() -> str:
        with local_copy(original) as path:
            content, media_type = pictures.shrink(path, width, height, max_pixels=max_pixels)
        kind = media_type.removeprefix("image/")
        return default_storage.save(rendition_name(original, width, height, kind), ContentFile(content))

    return once(f"rendition:{names[0]}", find, make)


def delete_with_renditions(original: str, boxes: list[tuple[int, int]]) -> None:
    """Delete a stored original and its renditions in these boxes; a missing file is no error."""
    for width, height in boxes:
        for kind in ("jpeg", "png", "gif"):
            default_storage.delete(rendition_name(original, width, height, kind))
    default_storage.delete(original)
