"""The SAPO server's URLs (docs/protocols/sapo.md)."""

from django.urls import include, path

from providers.sapo.server.site import open_account

urlpatterns = [
    path("", include("providers.sapo.server.api_urls")),
    path("", include("providers.sapo.server.media_urls")),
    path("open/", open_account.open_sapo_account, name="sapo_open"),
]
