from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "gallery.library"
    label = "library"
    verbose_name = "Library"

    def ready(self) -> None:
        from gallery.library import receivers  # noqa: F401  (connects them)
        from gallery.library.jobs import register_work

        register_work()
