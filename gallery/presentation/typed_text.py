"""Text that a person types and that goes to a service: one rule for every form."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def refuse_unsendable(text: str) -> None:
    """XML 1.0, which services speak, has no way to write control characters."""
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Cn") and letter not in "\n\r\t" for letter in text):
        raise ValidationError(_("This contains a character that cannot be sent. Type the text again."))


class TypedTextField(forms.CharField):
    """Browsers send lines with CR LF and may be given others: what looks the same has not changed."""

    default_validators = [refuse_unsendable]

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)
