"""Mounted at /services/orange/."""

from django.urls import include, path

from providers.orange.protocol import PATH
from providers.orange.server.api_views import endpoint
from providers.orange.server.image_views import picture
from providers.orange.server.pages import authorize, open_page, privacy_page, services_page

urlpatterns = [
    path(PATH, endpoint, name="orange_api"),
    path("sitdriver", picture, name="orange_picture"),
    path("open/", open_page, name="orange_open"),
    path("privacy/", services_page, name="orange_services"),
    path("privacy/interaction.do", privacy_page, name="orange_privacy"),
    # Ahead of allauth's own view of that address, which it wraps.
    path("identity/o/authorize", authorize),
    path("", include("allauth.idp.urls")),
]
