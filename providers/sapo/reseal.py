"""What the link to SAPO stores sealed (providers.vault.Sealed)."""

from providers.sapo.models import StoredPassword
from providers.vault import Sealed


def rows() -> Sealed:
    for password in StoredPassword.objects.select_related("account").iterator():
        yield password, "sealed", ("password", password.account.provider, password.account.uid)
