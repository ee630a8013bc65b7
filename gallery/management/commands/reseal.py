"""`manage.py reseal`: seals every stored secret with the first of VAULT_KEYS, so that older keys can go."""

from importlib import import_module

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import module_has_submodule

from providers.linking import vault
from providers.vault import CannotOpen, Sealed


def _sealed() -> Sealed:
    """Of each app that stores something sealed: it says so in a module `reseal`."""
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "reseal"):
            yield from import_module(f"{app.name}.reseal").rows()


class Command(BaseCommand):
    help = "Seal every kept secret with the first of VAULT_KEYS. Safe to repeat and to break off."

    def handle(self, *args: object, **options: object) -> None:
        done = lost = 0
        for row, column, binding in _sealed():
            sealed = getattr(row, column)
            if vault().is_current(sealed):
                continue
            try:
                fresh = vault().seal(vault().open(sealed, *binding), *binding)
            except CannotOpen:
                lost += 1
                continue
            # Only if nobody renewed it meanwhile; update() revokes nothing, for the key stays the same.
            type(row)._default_manager.filter(pk=row.pk, **{column: sealed}).update(**{column: fresh})
            done += 1
        self.stdout.write(f"{done} sealed anew.")
        if lost:
            raise CommandError(f"{lost} do not open with any key; their accounts must be connected again.")
