"""Tasks of the SAPO server."""

from celery import shared_task

from providers.sapo.server.upload import derive_metadata


@shared_task
def look_at_new_images() -> None:
    derive_metadata.look_at_new()
