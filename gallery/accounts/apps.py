from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "gallery.accounts"
    label = "accounts"
    verbose_name = "Linked accounts"

    def ready(self) -> None:
        from gallery.accounts import receivers  # noqa: F401  (connects them)
        from gallery.accounts.jobs import register_work

        register_work()
