"""The bells' other end. Arguments are ids; the rows hold the truth."""

from celery import shared_task

from gallery.uploads.delivery import confirm, sweep
from gallery.uploads.delivery import send as sending
from gallery.uploads.receiving import files


@shared_task
def send_upload(upload_id: int) -> None:
    sending.send_upload(upload_id)


@shared_task
def confirm_upload(upload_id: int) -> None:
    confirm.confirm_upload(upload_id)


@shared_task
def sweep_uploads() -> None:
    sweep.sweep_uploads()


@shared_task
def clear_uploads() -> None:
    files.clear_old_files()
    files.clear_strays()
