"""What the site answers at its root as well, for programs of which nothing but the host can be changed."""

from providers.sapo.server.api_urls import urlpatterns

__all__ = ["urlpatterns"]
