"""The demo's person and their account on each built-in server, linked as anybody links theirs."""

import secrets
from collections.abc import Callable
from io import StringIO
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command

from gallery.accounts.models import LinkedAccount
from gallery.demo.visitor import Visitor
from providers.registry import kinds

Say = Callable[[str], None]
USERNAME, EMAIL = "demo", "demo@pomar.example"
NEIGHBOUR = "demo-marta"


def make_person() -> User:
    """The person `demo`. Also an operator where the site is this machine's own, for looking around."""
    user, _ = User.objects.get_or_create(username=USERNAME, defaults={"email": EMAIL})
    user.set_password(settings.DEMO_PASSWORD)
    user.is_staff = user.is_superuser = urlsplit(settings.SITE_URL).hostname in ("127.0.0.1", "localhost")
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=EMAIL, defaults={"primary": True, "verified": True})
    return user


def open_accounts(user: User, password: str) -> Visitor:
    """An account on each built-in server; the visitor who opened them.

    SAPO counts views for administrators alone: whoever operates the site is one there too.
    """
    account = {"email": EMAIL, "password": password, "admin": user.is_staff}
    visitor = Visitor(user, password)
    if "sapo" in kinds():
        call_command("sapo_account", USERNAME, **account, stdout=StringIO())
        # Somebody to come upon; nobody has this password.
        other = {"email": f"{NEIGHBOUR}@pomar.example", "password": secrets.token_urlsafe(24)}
        call_command("sapo_account", NEIGHBOUR, **other, stdout=StringIO())
    if "orange" in kinds():
        visitor.opens_account("orange")
    return visitor


def link_accounts(user: User, visitor: Visitor, password: str) -> None:
    """Through the pages, as a person would."""
    linked = set(LinkedAccount.objects.visible_to(user).values_list("provider_id", flat=True))
    if "sapo" in kinds() and "pomar-sapo" not in linked:
        visitor.link_with_password("pomar-sapo", USERNAME, password)
    if "orange" in kinds() and "pomar-orange" not in linked:
        visitor.link_by_consent("pomar-orange")
