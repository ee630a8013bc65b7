from celery import shared_task

from gallery.changes import services


@shared_task
def apply_change(change_id: int) -> None:
    services.apply_change(change_id)


@shared_task
def sweep_changes() -> None:
    services.sweep_changes()
