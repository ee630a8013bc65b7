from django.apps import AppConfig


class ExploreConfig(AppConfig):
    name = "gallery.explore"
    label = "explore"
    verbose_name = "Explore"

    def ready(self) -> None:
        from gallery.explore import receivers  # noqa: F401  (connects them)
