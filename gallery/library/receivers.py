"""What the library does when something happens elsewhere."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from gallery.accounts.models import LinkedAccount
from gallery.accounts.signals import account_left, account_ready
from gallery.jobs.kinds import Kind
from gallery.jobs.queue import wake
from gallery.library.models import CachedPicture
from gallery.library.services import request_sync


@receiver(account_ready)
def sync_ready_account(account: LinkedAccount, **kwargs: Any) -> None:
    request_sync(account)


@receiver(account_left)
def remove_left_account(account: LinkedAccount, **kwargs: Any) -> None:
    wake(Kind.REMOVALS)


@receiver(post_delete, sender=CachedPicture)
def remove_cached_file(instance: CachedPicture, **kwargs: Any) -> None:
    """However the row went (its photo, its account, its owner, the limit), the bytes go as well."""
    transaction.on_commit(lambda: default_storage.delete(instance.name))
