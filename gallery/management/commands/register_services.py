"""`manage.py register_services`: makes the site itself known to its own built-in servers."""

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Register this site's own keys with the built-in servers. Safe to repeat."

    def handle(self, *args: object, **options: object) -> None:
        """Each built-in server has a command for it, `register_...`."""
        for name, app in sorted(get_commands().items()):
            if app in settings.SERVICE_APPS and name.startswith("register_"):
                call_command(name)
