from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SapoServerConfig(AppConfig):
    name = "providers.sapo.server"
    label = "sapo_server"
    verbose_name = _("SAPO server")

    def ready(self) -> None:
        from providers.sapo.protocol_sts import STS_OPERATIONS
        from providers.sapo.server.operations.signatures import SIGNATURES
        from providers.sapo.server.upload import UPLOAD
        from providers.server.faults.injection import register_operations

        register_operations("sapo", [*SIGNATURES, *STS_OPERATIONS, UPLOAD])
