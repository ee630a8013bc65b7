"""The operators' panel: Django's own, under our name."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gallery.version import VERSION


class PomarAdminSite(AdminSite):
    site_header = "Pomar"
    site_title = "Pomar"
    index_title = _("Administration")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "version": VERSION}


class PomarAdminConfig(AdminConfig):
    default_site = "gallery.admin_site.PomarAdminSite"


def state_word(label: object, tone: str) -> SafeString:
    """A state as everywhere else: its word in the colour of its tone (good, busy, warn, bad or none)."""
    return format_html('<span class="state state--{}">{}</span>', tone, label)
