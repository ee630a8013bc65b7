"""What uploads do when something happens elsewhere."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from gallery.accounts.models import LinkedAccount
from gallery.accounts.signals import account_ready
from gallery.uploads.files import delete_file
from gallery.uploads.models import Upload
from gallery.uploads.services import resume_waiting


@receiver(account_ready)
def resume_uploads(account: LinkedAccount, **kwargs: Any) -> None:
    resume_waiting(account)


@receiver(post_delete, sender=Upload)
def remove_file(instance: Upload, **kwargs: Any) -> None:
    """However the row went (its account, its owner, the admin panel), the file goes as well."""
    if instance.file:
        transaction.on_commit(partial(delete_file, instance.file.name))
