"""Makes this site's gallery a service of the site's own Orange server; safe to repeat."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from providers.configuration import builtin_id
from providers.orange.server.accounts import register_builtin_service

_LOOPBACK = ("127.0.0.1", "localhost")


class Command(BaseCommand):
    help = "Register the gallery as a service of the built-in Orange server."

    def handle(self, *args: Any, **options: Any) -> None:
        register_builtin_service(redirect_uris(settings.SITE_URL))
        self.stdout.write(f"The gallery is a service of the Orange server: {settings.ORANGE_SERVICE_ID}")


def redirect_uris(site_url: str) -> list[str]:
    """Where people come back to: addresses must match exactly, and a machine's own has two names."""
    path = reverse("orange_callback", kwargs={"provider_id": builtin_id("orange")})
    parts = urlsplit(site_url)
    port = f":{parts.port}" if parts.port else ""
    names = _LOOPBACK if parts.hostname in _LOOPBACK else (parts.hostname,)
    return [f"{parts.scheme}://{name}{port}{path}" for name in names]
