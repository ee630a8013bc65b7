"""The project itself as an app: its commands and checks."""

import gc

from django.apps import AppConfig


class PomarConfig(AppConfig):
    name = "gallery"
    label = "pomar"

    def ready(self) -> None:
        from gallery import checks  # noqa: F401  (registers the system checks)

        # All that is loaded by now stays, and a page of photos is thousands of objects that soon go:
        # collections that look at either take a fifth of the time of reading it (decision 50).
        gc.freeze()
        gc.set_threshold(5_000)
