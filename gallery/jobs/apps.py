from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "gallery.jobs"
    label = "jobs"
    verbose_name = "Background work"
