"""Tasks of the SAPO server."""

from celery import shared_task

from providers.sapo.server.upload import derive_metadata


@shared_task
def process_new_images() -> None:
    derive_metadata.process_new_images()
