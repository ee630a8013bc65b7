"""Text that a person types and a service carries."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def no_control_characters(text: str) -> None:
    """XML 1.0, which services speak, cannot carry them."""
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Cn") and letter not in "\n\r\t" for letter in text):
        raise ValidationError(_("There is a character in it that cannot be sent. Type the text anew."))
