"""Housekeeping of keys."""

import logging
from datetime import timedelta

from allauth.socialaccount.models import SocialToken
from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from gallery.accounts.keys import RENEW_AHEAD, open_service, renew_ahead, revoke
from gallery.accounts.models import LinkedAccount, Revocation
from gallery.accounts.services import note_trouble, revive
from providers.contract.errors import ProviderError

log = logging.getLogger(__name__)
_BELL_PATIENCE = timedelta(minutes=4)  # a revocation older than this was not rung for, or was in vain


@shared_task
def revoke_key(revocation_id: int) -> None:
    for row in Revocation.objects.filter(pk=revocation_id):
        revoke(row)


@shared_task
def renew_keys() -> None:
    """Renew keys that end soon, say so where that cannot be done, and retry what is to be revoked."""
    soon = timezone.now() + RENEW_AHEAD
    ending = SocialToken.objects.filter(expires_at__lt=soon).values("account_id")
    accounts = LinkedAccount.objects.filter(social_account_id__in=ending, state=LinkedAccount.State.OK)
    for account_id in accounts.values_list("pk", flat=True):
        check_key.delay(account_id)
    left_over = Revocation.objects.filter(created_at__lt=timezone.now() - _BELL_PATIENCE)
    for revocation_id in left_over.values_list("pk", flat=True):
        revoke_key.delay(revocation_id)


@shared_task
def check_key(account_id: int) -> None:
    """Renew the key if it ends soon; where that cannot be done and it has ended, the person is asked."""
    for account in LinkedAccount.objects.filter(pk=account_id):
        try:
            renew_ahead(account)
            open_service(account)
        except ProviderError as error:
            note_trouble(account, error)


@shared_task
def revive_key(account_id: int) -> None:
    for account in LinkedAccount.objects.filter(pk=account_id, state=LinkedAccount.State.RECONNECT):
        try:
            revive(account)
        except ProviderError as error:
            log.info("%s could not be renewed: %s", account, error)


@shared_task
def clear_old() -> None:
    """Sessions and tokens that ended."""
    call_command("clearsessions")
    call_command("oidc_cleartokens")
