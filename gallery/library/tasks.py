"""Housekeeping of the library."""

from celery import shared_task

from gallery.library import picture_proxy


@shared_task
def trim_pictures() -> None:
    picture_proxy.trim_pictures()
