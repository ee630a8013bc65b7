"""Found by allauth and mounted with its own addresses."""

from django.urls import path

from providers.sapo.views import LinkView

urlpatterns = [path("sapo/<slug:provider_id>/login/", LinkView.as_view(), name="sapo_login")]
