from typing import Any

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "gallery.changes"
    label = "changes"
    verbose_name = "Changes of photos"

    def ready(self) -> None:
        from gallery.accounts.signals import account_ready
        from gallery.changes.jobs import ChangeWork
        from gallery.jobs.work import register

        account_ready.connect(_resume_waiting_changes)
        register(ChangeWork())


def _resume_waiting_changes(account: Any, **kwargs: Any) -> None:
    from gallery.changes.services import resume_waiting

    resume_waiting(account)
