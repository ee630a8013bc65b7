"""Updates counters and files when rows are deleted: in the admin panel, or with their account."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.signals import post_delete
from django.dispatch import receiver

from providers.orange.server.models import MediaObject, OrangeAccount, OrangeAlbum
from providers.orange.server.photo_store import delete_files


@receiver(post_delete, sender=MediaObject)
def delete_file_and_update_counters(instance: MediaObject, **kwargs: Any) -> None:
    """The file is deleted only when the deletion of the row is committed."""
    OrangeAlbum.objects.filter(pk=instance.album_id).update(media_count=F("media_count") - 1)
    OrangeAccount.objects.filter(pk=instance.account_id).update(
        photo_count=F("photo_count") - 1, stored_bytes=F("stored_bytes") - instance.byte_size
    )
    transaction.on_commit(partial(delete_files, instance.stored_name))
