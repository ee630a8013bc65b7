"""What is said about a file that is not taken in at all."""

from pathlib import PurePath

from django.conf import settings
from django.utils.translation import gettext as _

from gallery.presentation.sizes import size_text


def refusal(reason: str, filename: str, service: str) -> str:
    """What is wrong with the file, that nothing was sent, and what to do."""
    extension = PurePath(filename).suffix[:20]
    if reason == "not_a_picture" and extension:
        return _("The name ends in %(ext)s, but this is not a picture. Nothing was sent.") % {
            "ext": extension
        }
    sentences = {
        "empty": _("The file is empty. Nothing was sent. Choose another copy of it."),
        "not_a_picture": _("This is not a picture. Nothing was sent."),
        "damaged": _("The picture is damaged or cut off. Nothing was sent. Open it and save a fresh copy."),
        "too_many_pixels": _(
            "The picture has more than %(n)s megapixels. Nothing was sent. Make it smaller, then choose it "
            "again."
        )
        % {"n": settings.UPLOAD_MAX_PIXELS // 1_000_000},
        "too_large": _("The file is larger than %(size)s. Nothing was sent. Make a smaller copy.")
        % {"size": size_text(settings.UPLOAD_MAX_FILE_BYTES)},
        "not_kept": _("Pomar could not save the file. Nothing was sent. Try again in a few minutes."),
        "format": _("%(service)s does not take this kind of picture. Nothing was sent. Save it as JPEG.")
        % {"service": service},
    }
    return sentences.get(reason) or _("This file could not be accepted. Nothing was sent.")
