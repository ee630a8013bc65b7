"""A smaller copy of a picture that a service found too large."""

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from gallery.uploads.files import incoming_folder, store_upload
from gallery.uploads.models import Upload
from providers import pictures
from providers.pictures import BadPicture

_SIDE = 2560  # pixels: enough for any screen, a tenth of the bytes


def smaller_copy(upload: Upload) -> dict[str, Any] | None:
    """What changes in the row when a smaller copy, saved by now, takes the place of its file.

    None when the picture is no larger than that already, or no longer readable.
    """
    with tempfile.TemporaryDirectory(dir=incoming_folder()) as folder:
        original, copy = Path(folder, "original"), Path(folder, "copy")
        try:
            with upload.file.open("rb") as source, original.open("wb") as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
            content, _ = pictures.shrink(original, _SIDE, _SIDE, max_pixels=settings.UPLOAD_MAX_PIXELS)
        except (BadPicture, FileNotFoundError):
            return None
        if len(content) >= upload.byte_size:
            return None
        copy.write_bytes(content)
        facts = pictures.inspect(copy)
        return {
            "file": store_upload(copy, facts.kind),
            "media_type": facts.media_type,
            "byte_size": facts.byte_size,
            "sha256": hashlib.sha256(content).hexdigest(),
            "width": facts.width,
            "height": facts.height,
        }
