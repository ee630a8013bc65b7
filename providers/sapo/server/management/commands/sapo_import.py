"""`manage.py sapo_import USERNAME FOLDER`: a library from elsewhere, with its dates and words."""

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from providers.sapo.server.importing import import_library
from providers.sapo.server.models import Person
from providers.server.manifest import ManifestError, read_manifest


class Command(BaseCommand):
    help = "Bring a folder of pictures, with its library.json if there is one, to the SAPO server."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("folder", type=Path)

    def handle(self, *, username: str, folder: Path, **options: object) -> None:
        owner = Person.objects.filter(username=username.lower()).first()
        if owner is None:
            raise CommandError(f"Nobody on the SAPO server is called {username}.")
        try:
            manifest = read_manifest(folder)
        except ManifestError as error:
            raise CommandError(str(error)) from None
        refused = 0
        for photo, status in import_library(owner, manifest):
            if status:
                refused += 1
                self.stderr.write(f"{photo.path.name}: {status}")
        self.stdout.write(f"{len(manifest.photos) - refused} photos brought, {refused} refused.")
