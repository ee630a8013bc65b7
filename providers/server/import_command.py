"""What the commands that import a library have in common: arguments, errors and the report."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from providers.server.importing import LibraryWriter, import_library
from providers.server.manifest import ManifestError, read_manifest


class ImportCommand(BaseCommand):
    """Imports a folder for the person that the argument `owner_argument` names."""

    owner_argument: str

    def writer_for(self, owner: str) -> LibraryWriter[Any]:
        """Writes into the library of `owner`. Raises CommandError when there is nobody of that name."""
        raise NotImplementedError

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(self.owner_argument)
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options: Any) -> None:
        writer = self.writer_for(options[self.owner_argument])
        try:
            manifest = read_manifest(folder)
        except ManifestError as error:
            raise CommandError(str(error)) from None
        refused = 0
        for photo, code in import_library(writer, manifest):
            if code:
                refused += 1
                self.stderr.write(f"{photo.path.name}: {code}")
        self.stdout.write(f"{len(manifest.photos) - refused} photos brought, {refused} refused.")
