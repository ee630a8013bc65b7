"""`manage.py orange_import EMAIL FOLDER`: a library from elsewhere, with its dates."""

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from providers.orange.server.importing import import_library
from providers.orange.server.models import OrangeAccount
from providers.server.manifest import ManifestError, read_manifest


class Command(BaseCommand):
    help = "Bring a folder of pictures, with its library.json if there is one, to the Orange server."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("folder", type=Path)

    def handle(self, *, email: str, folder: Path, **options: object) -> None:
        account = OrangeAccount.objects.filter(user__email__iexact=email).first()
        if account is None:
            raise CommandError(f"{email} has no account on the Orange server.")
        try:
            manifest = read_manifest(folder)
        except ManifestError as error:
            raise CommandError(str(error)) from None
        refused = 0
        for photo, code in import_library(account, manifest):
            if code:
                refused += 1
                self.stderr.write(f"{photo.path.name}: {code}")
        self.stdout.write(f"{len(manifest.photos) - refused} photos brought, {refused} refused.")
