"""The SAPO server's addresses (docs/protocols/sapo.md)."""

from django.urls import include, path

from providers.sapo.server import open_views

urlpatterns = [
    path("", include("providers.sapo.server.api_urls")),
    path("", include("providers.sapo.server.media_urls")),
    path("open/", open_views.open_sapo_account, name="sapo_open"),
]
