"""What the service of an account can do, without asking it."""

from gallery.accounts.models import LinkedAccount
from providers.registry import kinds


def is_able(account: LinkedAccount, *interfaces: type) -> bool:
    """Whether it has one of the optional interfaces; a service that the site left out has none."""
    kind = kinds().get(account.kind)
    return kind is not None and any(issubclass(kind.service, interface) for interface in interfaces)
