"""Telling a service that a photo was looked at: by a task, once in some hours, and never again to a
service that does not let this account count.
"""

import logging

from celery import current_app
from django.core.cache import cache
from kombu.exceptions import OperationalError

from gallery.accounts.abilities import is_able
from gallery.accounts.models import LinkedAccount
from gallery.accounts.services import open_service
from providers.contract.base import ViewCounting
from providers.contract.errors import ProviderError, Refused

log = logging.getLogger(__name__)
_ONCE_IN = 6 * 3600  # seconds, for one photo seen by one person


def note_opened(account: LinkedAccount, remote_id: str) -> None:
    """A person opened a photo of the account's service; rings, if it is to be counted."""
    if account.state != LinkedAccount.State.OK or not is_able(account, ViewCounting):
        return
    if cache.get(_refused(account.pk)) or not cache.add(f"viewed:{account.pk}:{remote_id}", 1, _ONCE_IN):
        return
    try:
        current_app.send_task("gallery.explore.tasks.count_view", [account.pk, remote_id], retry=False)
    except (OperationalError, OSError):
        log.warning("the queue does not answer; a view is not counted")


def count_view(account_id: int, remote_id: str) -> None:
    """Safe to lose: nothing but a number depends on it, so nothing is tried twice."""
    account = LinkedAccount.objects.filter(pk=account_id, state=LinkedAccount.State.OK).first()
    if account is None:
        return
    try:
        service = open_service(account)
        assert isinstance(service, ViewCounting)
        service.count_view(remote_id)
    except Refused:
        cache.set(_refused(account_id), 1, _ONCE_IN)  # some services let only administrators
    except ProviderError as error:
        log.info("a view was not counted: %s", error)


def _refused(account_id: int) -> str:
    return f"views:refused:{account_id}"
