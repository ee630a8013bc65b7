"""allauth's forms and refusals in this site's words: no label twice as placeholder, nothing "invalid"."""

from typing import Any

from allauth.account import forms as allauth_forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("Email or user name"),
    "password": _("Password"),
    "remember": _("Stay signed in on this device"),
    "email": _("Email"),
    "username": _("User name"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("Repeat the new password"),
}

# Keys are allauth's. What it says of one code is said here about the thing, and what to do next.
REFUSALS = {
    "account_inactive": _("This account is switched off. Ask the people who run this site."),
    "cannot_remove_primary_email": _("This is your main address. Make another one the main one first."),
    "duplicate_email": _("This address is yours already."),
    "email_password_mismatch": _("That is not the password for this address."),
    "email_taken": _("There is an account with this address already. Sign in, or ask for a new password."),
    "enter_current_password": _("That is not your current password."),
    "incorrect_code": _("That is not the code we sent."),
    "incorrect_password": _("That is not your password."),
    "invalid_login": _("That is not the password for this account."),
    "invalid_or_expired_key": _("This link was used before, or is too old. Ask for a new one."),
    "invalid_password_reset": _("This link was used before, or is too old. Ask for a new one."),
    "max_email_addresses": _("You can have at most %d addresses."),
    "rate_limited": _("Too many tries in a short time. Wait a few minutes, then try again."),
    "same_as_current": _("This is the same as now. Choose another one."),
    "too_many_login_attempts": _("Too many tries with a wrong password. Wait a few minutes, then try again."),
    "unknown_email": _("No account has this address."),
    "unverified_primary_email": _("Confirm this address first; then it can be your main one."),
    "username_blacklisted": _("This user name is reserved. Choose another one."),
    "username_password_mismatch": _("That is not the password for this user name."),
    "username_taken": _("This user name is taken. Choose another one."),
}


class _OurWords:
    """Gives the fields of an allauth form the labels above; each field keeps its rules."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            if name == "password1":
                field.help_text = " ".join(password_validators_help_texts())


class LoginForm(_OurWords, allauth_forms.LoginForm):  # type: ignore[misc]
    pass


class SignupForm(_OurWords, allauth_forms.SignupForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Password")
        self.fields["password2"].label = _("Repeat the password")


class AddEmailForm(_OurWords, allauth_forms.AddEmailForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(_OurWords, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(_OurWords, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(_OurWords, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(_OurWords, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(_OurWords, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    pass
