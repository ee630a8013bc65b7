"""Tasks of the library: ids in, a service called, nothing else."""

from celery import shared_task

from gallery.accounts.models import LinkedAccount
from gallery.library import picture_proxy, services
from gallery.library.sync import run as sync


@shared_task
def sync_account(account_id: int) -> None:
    sync.sync_account(account_id)


@shared_task
def sweep_syncs() -> None:
    sync.sweep_syncs()


@shared_task
def remove_account(account_id: int) -> None:
    for account in LinkedAccount.objects.filter(pk=account_id, state=LinkedAccount.State.LEAVING):
        services.remove_account(account)


@shared_task
def trim_pictures() -> None:
    picture_proxy.trim_pictures()
