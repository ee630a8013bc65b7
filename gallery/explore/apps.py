from django.apps import AppConfig


class ExploreConfig(AppConfig):
    name = "gallery.explore"
    label = "explore"
    verbose_name = "Explore"

    def ready(self) -> None:
        from gallery.explore import receivers  # noqa: F401  (connects them)
        from gallery.explore.view_counting import ViewWork
        from gallery.jobs.work import register

        register(ViewWork())
