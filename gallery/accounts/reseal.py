"""What the gallery stores sealed (gallery/management/commands/reseal.py)."""

from allauth.socialaccount.models import SocialToken

from gallery.accounts.models import Revocation
from providers.vault import Sealed


def rows() -> Sealed:
    """Keys, and keys to be revoked. Tickets and requested changes live too short to need it."""
    for token in SocialToken.objects.select_related("account").iterator():
        yield token, "token", ("token", token.account.provider, token.account.uid)
    for row in Revocation.objects.iterator():
        yield row, "sealed", ("token", row.provider_id, row.uid)
