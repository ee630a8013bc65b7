"""The page on which somebody of this site opens an account on the SAPO server."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from providers.sapo.server.auth.people import open_account
from providers.sapo.server.models import Person

MAX_ACCOUNTS = 10


class AccountForm(forms.Form):
    """A user name, an e-mail address and a password for the new account."""

    username = forms.CharField(label=_("User name"), max_length=40)
    email = forms.EmailField(label=_("Email address"))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=100,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        validators=[validate_password],
    )

    def __init__(self, user: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean(self) -> dict[str, Any]:
        if Person.objects.filter(opened_by_id=self._user.pk).count() >= MAX_ACCOUNTS:
            raise ValidationError(_("You have opened as many accounts here as one person may."))
        return self.cleaned_data

    @sensitive_variables()
    def open(self) -> Person | None:
        """The new account; None, with errors beside the fields, when something has to be changed."""
        values = self.cleaned_data
        try:
            return open_account(values["username"], values["email"], values["password"], opened_by=self._user)
        except ValidationError as error:
            self._add_errors(error)
            return None

    def _add_errors(self, error: ValidationError) -> None:
        problems = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
        for name, messages in problems.items():
            self.add_error(name if name in self.fields else None, messages)


@sensitive_post_parameters("password")
def open_sapo_account(request: HttpRequest) -> HttpResponse:
    """For people of this site who are signed in (the middleware sees to that)."""
    assert request.user.is_authenticated
    form = AccountForm(request.user, request.POST or None, initial={"email": request.user.email})
    target = _target(request)
    if request.method == "POST" and form.is_valid() and form.open() is not None:
        return redirect(target)
    status = 422 if form.errors else 200
    return render(request, "sapo/open.html", {"form": form, "next": target}, status=status)


def _target(request: HttpRequest) -> str:
    """Where to go afterwards: a URL of this site only."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else "/"
