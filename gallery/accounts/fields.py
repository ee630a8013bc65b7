"""A form's choice among linked accounts."""

from django import forms

from gallery.accounts.models import LinkedAccount
from gallery.presentation.names import service_name


class AccountField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: LinkedAccount) -> str:
        return f"{service_name(obj.kind)}, {obj.label}"
