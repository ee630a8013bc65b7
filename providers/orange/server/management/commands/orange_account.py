"""For authors of apps: an account on the built-in Orange server, a service, and a user token."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import MaxLengthValidator, URLValidator, validate_email

from providers.orange.protocol import PATH
from providers.orange.server.accounts import issue_token, open_account, subscribe_service

_MAX_NAME, _MAX_EMAIL = 100, 254  # characters of their columns


class Command(BaseCommand):
    help = "Open an Orange account for a person and print SERVICE_ID, SERVICE_PWD and a user token."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="whose account; the person is added to the site if need be")
        parser.add_argument("--service", default="My service", help="what the new service is called")
        parser.add_argument(
            "--redirect", action="append", default=[], metavar="URL",
            help="where the service's visitors may be sent back to, by OAuth and by the privacy page",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, email: str, service: str, redirect: list[str], **options: Any) -> None:
        name = service.strip()
        if not 0 < len(name) <= _MAX_NAME or not name.isprintable():
            raise CommandError(f"A service has a name of 1 to {_MAX_NAME} characters.")
        if wrong := [url for url in redirect if not _is_web_url(url)]:
            raise CommandError(f"{wrong[0][:80]} is not a web address")
        account = open_account(_person(email))
        key = subscribe_service(name, redirect_uris=redirect)
        printed = {
            "url": f"{settings.SITE_URL}/services/orange/{PATH}",
            "email": account.label,
            "SERVICE_ID": key.service_id,
            "SERVICE_PWD": key.password,
            "token": issue_token(account, key.service_id),
            "expires_in": settings.IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN,
        }
        if options["json"]:
            self.stdout.write(json.dumps(printed))
        else:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in printed.items()))


def _is_web_url(url: str) -> bool:
    try:
        URLValidator(["http", "https"])(url)
    except ValidationError:
        return False
    return True


def _person(email: str) -> AbstractBaseUser:
    """The user with that address, or a new one who signs in after resetting the password."""
    try:
        validate_email(email)
        MaxLengthValidator(_MAX_EMAIL)(email)
    except ValidationError:
        raise CommandError(f"{email[:80]} is not an e-mail address") from None
    users = get_user_model().objects
    found = users.filter(email__iexact=email).order_by("pk").first()
    if found is not None and not found.is_active:
        raise CommandError(f"The account of {email} is switched off; a key of it would open nothing.")
    return found or users.create_user(username=_free_name(email), email=email)


def _free_name(email: str) -> str:
    users = get_user_model().objects
    wanted = email.partition("@")[0][:100]
    names = [wanted, *(f"{wanted}{number}" for number in range(2, 10_000))]
    return next(name for name in names if not users.filter(username__iexact=name).exists())
