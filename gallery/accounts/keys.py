"""Opening a linked account, keeping its key fresh, and getting rid of keys."""

import logging
from datetime import timedelta

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.utils import timezone

from gallery.accounts.models import LinkedAccount, Revocation
from gallery.jobs.backoff import Backoff
from gallery.jobs.lease import Lease
from providers.contract.base import PhotoService
from providers.contract.errors import ReconnectNeeded
from providers.linking import current_token, open_token, service_apps
from providers.registry import ServiceApp, kind_of
from providers.vault import CannotOpen

log = logging.getLogger(__name__)

# A key this close to its end is treated as expired: a call may take that long.
_MARGIN = timedelta(minutes=2)
RENEW_AHEAD = timedelta(minutes=15)
_MAX_REVOCATION_TRIES = 10
_REVOCATIONS = Backoff(first=60.0, longest=3600.0)


def service_app(account: LinkedAccount) -> ServiceApp:
    """The server that the account lies on. Raises ReconnectNeeded when the site no longer offers it."""
    app = service_apps().get(account.provider_id)
    if app is None:
        raise _reconnect(account, "not_offered", "this site no longer offers the server")
    return app.at(_own_server(account)) if kind_of(app.kind).needs_server_url else app


def _own_server(account: LinkedAccount) -> str:
    """The address of the person's own server, as the link stores it beside the label."""
    social = account.social_account
    url = str(social.extra_data.get("server_url", "")) if social else ""
    if not url:
        raise _reconnect(account, "no_key", "no address of a server is kept")
    return url


def open_service(account: LinkedAccount) -> PhotoService:
    """The account, ready to be asked. Raises ReconnectNeeded; renewing an expired key asks the service."""
    app = service_app(account)
    key = _fresh_key(account)
    return kind_of(account.kind).open(app, key, account.label)


def open_unasked(account: LinkedAccount) -> PhotoService:
    """The same with the key at hand, expired or not: nobody is asked. For what needs no call at all."""
    social = _social_account(account)
    token = current_token(social)
    return kind_of(account.kind).open(service_app(account), _opened(account, token), account.label)


def _social_account(account: LinkedAccount) -> SocialAccount:
    if account.social_account is None:
        raise _reconnect(account, "no_key", "no key is kept")
    return account.social_account


def _fresh_key(account: LinkedAccount) -> str:
    social = _social_account(account)
    token = current_token(social)
    if token is None or (token.expires_at and token.expires_at < timezone.now() + _MARGIN):
        if not renew_key(social):
            raise _reconnect(account, "expired", "the key has expired")
        token = current_token(social)
    return _opened(account, token)


def _opened(account: LinkedAccount, token: SocialToken | None) -> str:
    try:
        return open_token(_social_account(account), token.token if token else "")
    except CannotOpen:
        raise _reconnect(account, "unsealable", "the key does not open") from None


def _reconnect(account: LinkedAccount, code: str, message: str) -> ReconnectNeeded:
    return ReconnectNeeded(message, provider=account.kind, operation="open", code=code)


def renew_key(social: SocialAccount) -> bool:
    """A new key from what the person let us keep; False when that is not enough."""
    provider = get_adapter().get_provider(None, provider=social.provider)
    return bool(provider.renew(social))


def renew_ahead(account: LinkedAccount) -> None:
    """A new key shortly before the old one ends, where the person lets us; so that nobody waits for it."""
    social = account.social_account
    token = current_token(social) if social else None
    if social and token and token.expires_at and token.expires_at < timezone.now() + RENEW_AHEAD:
        renew_key(social)


def revoke(revocation: Revocation, lease: Lease) -> None:
    """Tell the service that a key is no longer wanted; tried again later when it does not answer."""
    try:
        provider = get_adapter().get_provider(None, provider=revocation.provider_id)
        provider.revoke_token(revocation.provider_id, revocation.uid, revocation.sealed)
    except Exception as error:  # whatever it is (the site may offer the service no more), it must end
        log.info("a key of %s was not revoked: %r", revocation.provider_id, error)
        if revocation.tries + 1 < _MAX_REVOCATION_TRIES:
            next_at = _REVOCATIONS.next_at(revocation.tries, error)
            lease.release(tries=revocation.tries + 1, next_at=next_at)
            return
    revocation.delete()
