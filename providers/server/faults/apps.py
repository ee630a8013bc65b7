from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FaultsConfig(AppConfig):
    name = "providers.server.faults"
    label = "faults"
    verbose_name = _("Fault plans of the built-in servers")
