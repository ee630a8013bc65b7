"""`manage.py register_sapo_key`: makes the site's own access key known to the SAPO server."""

from django.conf import settings
from django.core.management.base import BaseCommand

from providers.sapo.server.auth.keys import digest
from providers.sapo.server.models import AccessKey


class Command(BaseCommand):
    help = "Register SAPO_ACCESS_KEY, the key with which this site itself calls the SAPO server."

    def handle(self, *args: object, **options: object) -> None:
        key = settings.SAPO_ACCESS_KEY
        if key:
            AccessKey.objects.get_or_create(
                key_hash=digest(key), defaults={"prefix": key[:6], "label": "This site"}
            )
