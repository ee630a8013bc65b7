"""`manage.py demo [--photos DIR]`: a lively library to look at (docs/configuration.md)."""

import argparse
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gallery.demo.accounts import make_person
from gallery.demo.sending import send_folder
from gallery.demo.visitor import CannotWalkOn


class Command(BaseCommand):
    help = "Make the user `demo` with both accounts linked; paint photographs, or upload those of a folder."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--photos", type=Path, help="upload this folder's photographs instead; sub-folders become albums"
        )

    def handle(self, *, photos: Path | None, **options: object) -> None:
        if not settings.DEMO_PASSWORD:
            raise CommandError("DEMO_PASSWORD is not set: choose the password of the person `demo`.")
        try:
            if photos is None:
                self._plant()
            elif photos.is_dir():
                send_folder(make_person(), photos, self._say)
            else:
                raise CommandError(f"{photos} is not a folder.")
        except CannotWalkOn as error:
            raise CommandError(f"The accounts could not be linked: {error}.") from None

    def _plant(self) -> None:
        """A site in production is installed without what the painter needs."""
        try:
            from gallery.demo.planting import plant
        except ModuleNotFoundError as missing:
            raise CommandError(
                f"The painter needs {missing.name}, which is not installed: "
                "`pip install -r requirements-demo.txt`. Or send photographs of your own: --photos DIR."
            ) from None
        plant(self._say)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
