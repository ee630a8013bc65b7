from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "gallery.uploads"
    label = "uploads"

    def ready(self) -> None:
        from gallery.jobs.work import register
        from gallery.uploads import receivers  # noqa: F401  (connects to the other apps' signals)
        from gallery.uploads.jobs import UploadWork

        register(UploadWork())
