"""`manage.py sapo_import USERNAME FOLDER`: a library from elsewhere, with its dates and words."""

from django.core.management.base import CommandError

from providers.sapo.server.importing import SapoWriter
from providers.sapo.server.models import Person
from providers.server.import_command import ImportCommand


class Command(ImportCommand):
    help = "Bring a folder of pictures, with its library.json if there is one, to the SAPO server."
    owner_argument = "username"

    def writer_for(self, owner: str) -> SapoWriter:
        person = Person.objects.filter(username=owner.lower()).first()
        if person is None:
            raise CommandError(f"Nobody on the SAPO server is called {owner}.")
        return SapoWriter(person)
