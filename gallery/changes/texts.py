"""Text that a person types and a service carries."""

from typing import Any

from django import forms

from gallery.library.texts import no_control_characters


class CarriedField(forms.CharField):
    """Browsers send lines with CR LF and may be given others: what looks the same has not changed."""

    default_validators = [no_control_characters]

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)
