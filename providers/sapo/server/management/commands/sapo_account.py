"""Opens or changes an account on the SAPO server and issues an access key for it."""

import json

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from providers.sapo.protocol import PHOTOS_PATH
from providers.sapo.server.auth.people import issue_access_key, open_account, update_account
from providers.sapo.server.models import Person


class Command(BaseCommand):
    help = "Opens or changes an account on the SAPO server and prints a new access key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--email", required=True)
        parser.add_argument("--password", required=True)
        parser.add_argument("--admin", action="store_true", help="may call ImageNotifyView")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: object, **options: object) -> None:
        username, email, password = (str(options[name]) for name in ("username", "email", "password"))
        if not password:
            raise CommandError("The password is empty.")
        person = Person.objects.filter(username=username.strip().lower()).first()
        if person is not None and not person.is_usable:
            raise CommandError(f"{person.username} is banned or switched off; an operator can change that.")
        try:
            if person is None:
                person = open_account(username, email, password)
            else:
                update_account(person, email=email, password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if options["admin"]:
            Person.objects.filter(pk=person.pk).update(is_admin=True)
        answer = {
            "url": f"{settings.SITE_URL}/services/sapo{PHOTOS_PATH}",
            "username": person.username,
            "email": person.email,
            "access_key": issue_access_key(person, "sapo_account"),
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer))
            return
        for name, value in answer.items():
            self.stdout.write(f"{name}: {value}")
