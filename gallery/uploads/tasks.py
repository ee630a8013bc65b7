"""The bells' other end. Arguments are ids; the rows hold the truth."""

from celery import shared_task

from gallery.uploads import confirming, keeping, sending, sweep


@shared_task
def send_upload(upload_id: int) -> None:
    sending.send_upload(upload_id)


@shared_task
def confirm_upload(upload_id: int) -> None:
    confirming.confirm_upload(upload_id)


@shared_task
def sweep_uploads() -> None:
    sweep.sweep_uploads()


@shared_task
def clear_uploads() -> None:
    keeping.clear_old_files()
    keeping.clear_strays()
