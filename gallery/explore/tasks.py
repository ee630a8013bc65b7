from celery import shared_task

from gallery.explore import view_counting


@shared_task
def count_view(account_id: int, remote_id: str) -> None:
    view_counting.count_view(account_id, remote_id)
