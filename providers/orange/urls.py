"""Found by allauth and mounted with its own addresses."""

from django.urls import path

from providers.orange.views import callback, login

urlpatterns = [
    path("orange/<slug:provider_id>/login/", login, name="orange_login"),
    path("orange/<slug:provider_id>/login/callback/", callback, name="orange_callback"),
]
