from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrangeServerConfig(AppConfig):
    name = "providers.orange.server"
    label = "orange_server"
    verbose_name = _("Orange server")

    def ready(self) -> None:
        from providers.orange.protocol import Action
        from providers.orange.server import signals  # noqa: F401  (connects the receivers)
        from providers.server.faults.injection import register_operations

        register_operations("orange", Action)
