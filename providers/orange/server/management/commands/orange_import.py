"""`manage.py orange_import EMAIL FOLDER`: a library from elsewhere, with its dates."""

from django.core.management.base import CommandError

from providers.orange.server.importing import OrangeWriter
from providers.orange.server.models import OrangeAccount
from providers.server.import_command import ImportCommand


class Command(ImportCommand):
    help = "Bring a folder of pictures, with its library.json if there is one, to the Orange server."
    owner_argument = "email"

    def writer_for(self, owner: str) -> OrangeWriter:
        account = OrangeAccount.objects.filter(user__email__iexact=owner).first()
        if account is None:
            raise CommandError(f"{owner} has no account on the Orange server.")
        return OrangeWriter(account)
