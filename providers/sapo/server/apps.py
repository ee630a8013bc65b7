from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SapoServerConfig(AppConfig):
    name = "providers.sapo.server"
    label = "sapo_server"
    verbose_name = _("SAPO server")

    def ready(self) -> None:
        from providers.faults.services import offer_faults
        from providers.sapo.protocol_sts import STS_OPERATIONS
        from providers.sapo.server.calls import ALL_OPERATIONS, UPLOAD

        offer_faults("sapo", [*ALL_OPERATIONS, *STS_OPERATIONS, UPLOAD])
