"""What can be done with a linked account."""

from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from gallery.accounts.keys import open_service, open_unasked, renew_key
from gallery.accounts.models import LinkedAccount
from gallery.accounts.signals import account_left, account_ready
from gallery.jobs.kinds import Kind
from gallery.jobs.queue import wake_after_commit
from providers.contract.errors import ConsentNeeded, NotFound, ProviderError, ReconnectNeeded, Refused
from providers.linking import service_apps

__all__ = [
    "link_account",
    "note_ok",
    "note_trouble",
    "open_service",
    "open_unasked",
    "save_link",
    "unlink_account",
]

State = LinkedAccount.State
_REVIVAL_PAUSE = 3600  # seconds


def save_link(login: SocialLogin) -> None:
    """The row of ours for a link that allauth has just made or renewed, key included."""
    if login.account.provider in service_apps():
        link_account(login.account)


def link_account(social: SocialAccount) -> LinkedAccount:
    """The linked account of a link just made or renewed: new, or the same one working again."""
    account, is_new = LinkedAccount.objects.exclude(state=State.LEAVING).get_or_create(
        provider_id=social.provider,
        remote_id=social.uid,
        defaults={
            "user_id": social.user_id,
            "social_account": social,
            "kind": service_apps()[social.provider].kind,
            "label": _label(social),
        },
    )
    if not is_new:
        account.social_account = social
        account.label = _label(social)
        account.save(update_fields=["social_account", "label"])
        _set_state(account, State.OK)
        # From here on what is said of the old key is too late (note_trouble).
        account.state_since = timezone.now()
        account.save(update_fields=["state_since"])
    transaction.on_commit(lambda: account_ready.send(LinkedAccount, account=account))
    return account


def _label(social: SocialAccount) -> str:
    """What the person calls the account: the service's name for it, else its identifier."""
    return str(social.extra_data.get("label") or social.uid)[:200]


def unlink_account(account: LinkedAccount) -> None:
    """Forget the key at once; what hangs from the account is taken down by a task."""
    with transaction.atomic():
        social = account.social_account
        LinkedAccount.objects.filter(pk=account.pk).update(
            state=State.LEAVING, state_since=timezone.now(), social_account=None, next_at=None
        )
        if social is not None:
            social.delete()
        transaction.on_commit(lambda: account_left.send(LinkedAccount, account=account))
    account.refresh_from_db()


def note_ok(account: LinkedAccount) -> None:
    """The account answered. Says so to what waited for it when it did not before."""
    if account.state not in (State.OK, State.LEAVING) and _set_state(account, State.OK):
        account_ready.send(LinkedAccount, account=account)


def note_trouble(account: LinkedAccount, error: ProviderError) -> None:
    """Keep what an error says about the account as a whole. A missing photo says nothing.

    `account` as it was read before the call: a refused key says nothing once another state, or another
    key, has come.
    """
    if isinstance(error, NotFound):
        return
    if isinstance(error, ReconnectNeeded):
        if _set_state(account, State.RECONNECT, error.code, is_of_its_time=True):
            _try_to_revive(account)
    elif isinstance(error, ConsentNeeded):
        _set_state(account, State.CONSENT, error.code, consent_url=error.url)
    elif isinstance(error, Refused):
        _set_state(account, State.REFUSED, error.code)
    else:
        _set_state(account, State.UNREACHABLE, error.code)


def _try_to_revive(account: LinkedAccount) -> None:
    """A key that ended early may be renewed where the person stays connected."""
    LinkedAccount.objects.filter(pk=account.pk, state=State.RECONNECT).update(next_at=timezone.now())
    wake_after_commit(Kind.KEYS)


def revive(account: LinkedAccount) -> None:
    """Try once in a while to renew a key that its service refused; a password is never tried in a loop."""
    social = account.social_account
    if social is None or not cache.add(f"accounts:revived:{account.pk}", True, _REVIVAL_PAUSE):
        return
    if renew_key(social):
        note_ok(account)


def _set_state(
    account: LinkedAccount,
    state: str,
    code: str = "",
    *,
    consent_url: str = "",
    is_of_its_time: bool = False,
) -> bool:
    """Whether anything changed. An account that is being taken down stays so.

    `is_of_its_time`: only if nothing has changed the account since `account` was read.
    """
    rows = LinkedAccount.objects.filter(pk=account.pk).exclude(state=State.LEAVING)
    if is_of_its_time:
        rows = rows.filter(state_since=account.state_since)
    changed = rows.exclude(state=state, state_code=code, consent_url=consent_url).update(
        state=state, state_code=code, consent_url=consent_url, state_since=timezone.now()
    )
    account.refresh_from_db(fields=["state", "state_code", "consent_url", "state_since"])
    return bool(changed)
