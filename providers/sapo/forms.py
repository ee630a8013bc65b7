from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class LinkForm(forms.Form):
    """Name and password of an account there. The password is never shown again."""

    username = forms.CharField(
        label=_("User name or e-mail address"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
    )
    stay_connected = forms.BooleanField(
        label=_("Stay connected"),
        help_text=_(
            "Keeps the password, encrypted, to renew the key every 12 hours. Otherwise it is "
            "forgotten at once."
        ),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.STAY_CONNECTED_IS_ALLOWED:
            del self.fields["stay_connected"]
