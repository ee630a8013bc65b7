"""Staying connected: the stored password, and the new token made with it every twelve hours."""

from allauth.socialaccount.models import SocialAccount, SocialToken
from django.utils import timezone

from providers.contract.entities import Key
from providers.contract.errors import ReconnectNeeded
from providers.linking import current_token, seal_token, service_apps, vault
from providers.sapo.models import StoredPassword
from providers.sapo.sts import TokenService
from providers.vault import CannotOpen

_PURPOSE = "password"


def save_password(account: SocialAccount, username: str, password: str) -> None:
    """Store it sealed, in place of an older one."""
    sealed = vault().seal(password, _PURPOSE, account.provider, account.uid)
    StoredPassword.objects.update_or_create(
        account=account, defaults={"username": username, "sealed": sealed, "used_at": None}
    )


def forget_password(account: SocialAccount) -> None:
    StoredPassword.objects.filter(account=account).delete()


def renew_token(account: SocialAccount) -> bool:
    """Make a new token with the stored password; False without one, or when it is refused.

    A refused password is forgotten at once: trying again could lock the account. Raises
    TemporaryError and ProtocolError when the service could not be asked.
    """
    stored = StoredPassword.objects.filter(account=account).first()
    app = service_apps().get(account.provider)
    if stored is None or app is None:
        return False
    try:
        password = vault().open(stored.sealed, _PURPOSE, account.provider, account.uid)
        key = TokenService(app).key_for(stored.username, password)
    except (ReconnectNeeded, CannotOpen):
        stored.delete()
        return False
    if key.remote_id != account.uid:  # the name now belongs to somebody else
        stored.delete()
        return False
    StoredPassword.objects.filter(pk=stored.pk).update(used_at=timezone.now())
    _save_token(account, key)
    return True


def _save_token(account: SocialAccount, key: Key) -> None:
    # Through save(), not update(): the gallery revokes a key that is replaced.
    token = current_token(account) or SocialToken(account=account)
    token.token = seal_token(account.provider, account.uid, key.secret)
    token.expires_at = key.expires_at
    token.save()
