"""Tasks of the SAPO server."""

from celery import shared_task

from providers.sapo.server import looking


@shared_task
def look_at_new_images() -> None:
    looking.look_at_new()
