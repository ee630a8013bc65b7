from django.apps import AppConfig


class OrangeConfig(AppConfig):
    name = "providers.orange"
    label = "orange"
