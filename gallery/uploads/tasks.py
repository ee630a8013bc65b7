"""Housekeeping of uploads."""

from celery import shared_task

from gallery.uploads import files


@shared_task
def clear_uploads() -> None:
    files.clear_old_files()
    files.clear_strays()
