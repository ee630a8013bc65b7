"""Background work on keys: renewing those that end soon, telling services to forget those that went."""

import logging
from datetime import datetime

from allauth.socialaccount.models import SocialToken
from django.db.models import Q, QuerySet

from gallery.accounts.keys import RENEW_AHEAD, open_service, renew_ahead, revoke
from gallery.accounts.models import LinkedAccount, Revocation
from gallery.accounts.services import note_trouble, revive
from gallery.jobs.backoff import Backoff
from gallery.jobs.kinds import Kind
from gallery.jobs.lease import Lease, is_due, is_free
from gallery.jobs.work import RowWork, register
from providers.contract.errors import ProviderError

log = logging.getLogger(__name__)
State = LinkedAccount.State
_LOOK_AGAIN = Backoff(first=300.0, longest=300.0)


class KeyWork(RowWork):
    """Keys that end soon; and keys that a service refused, once (services.revive)."""

    kind = Kind.KEYS

    def due(self, now: datetime) -> "QuerySet[LinkedAccount]":
        ending = SocialToken.objects.filter(expires_at__lt=now + RENEW_AHEAD).values("account_id")
        to_renew = Q(state=State.OK, social_account_id__in=ending) & (Q(next_at=None) | is_due(now))
        to_revive = Q(state=State.RECONNECT) & is_due(now)
        return LinkedAccount.objects.filter(is_free(now)).filter(to_renew | to_revive)

    def run(self, row: LinkedAccount, lease: Lease) -> None:
        is_refused = row.state == State.RECONNECT
        try:
            if is_refused:
                revive(row)
            else:
                renew_ahead(row)
                open_service(row)
        except ProviderError as error:
            if not is_refused:
                note_trouble(row, error)
            log.info("the key of %s could not be renewed: %s", row, error)
        finally:
            # One that is being unlinked meanwhile is to be taken down at once.
            ours = LinkedAccount.objects.filter(pk=row.pk, lease_owner=lease.owner)
            if next_look := _next_look(row, is_refused):
                ours.exclude(state=State.LEAVING).update(**next_look)
            lease.release()


def _next_look(account: LinkedAccount, was_refused: bool) -> dict[str, datetime | None]:
    """When the key is looked at again; where it was refused just now, note_trouble has said when."""
    if was_refused:
        return {"next_at": None}
    return {} if account.state == State.RECONNECT else {"next_at": _LOOK_AGAIN.next_at(0)}


class RevocationWork(RowWork):
    kind = Kind.REVOCATIONS

    def due(self, now: datetime) -> "QuerySet[Revocation]":
        return Revocation.objects.filter(is_free(now), Q(next_at=None) | is_due(now))

    def run(self, row: Revocation, lease: Lease) -> None:
        revoke(row, lease)


def register_work() -> None:
    register(KeyWork())
    register(RevocationWork())
