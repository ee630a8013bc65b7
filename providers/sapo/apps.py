from django.apps import AppConfig


class SapoConfig(AppConfig):
    name = "providers.sapo"
    label = "sapo"
