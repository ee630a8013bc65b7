"""Every address of the site."""

from collections.abc import Iterator
from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import URLResolver, include, path
from django.views.i18n import set_language

from gallery import health, look


def _server_urls() -> Iterator[URLResolver]:
    """Each built-in server below /services/. One that serves programs with a live service's paths built in
    has `root_urls` as well; they come first, so that its answers name the other place."""
    servers = [app for app in settings.SERVICE_APPS if app.endswith(".server")]
    for app in servers:
        if find_spec(f"{app}.root_urls") is not None:
            yield path("", include(f"{app}.root_urls"))
    for app in servers:
        yield path(f"services/{app.split('.')[1]}/", include(f"{app}.urls"))


urlpatterns = [
    path("health/", health.health, name="health"),
    path("health/alive/", health.alive, name="alive"),
    path("health/ready/", health.ready, name="ready"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    # Public: the sign-in page offers the languages as well.
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("theme/", look.choose_theme, name="choose_theme"),
    path("linked/", include("gallery.accounts.urls")),
    path("changes/", include("gallery.changes.urls")),
    path("explore/", include("gallery.explore.urls")),
    path("uploads/", include("gallery.uploads.urls")),
    *_server_urls(),
    path("", include("gallery.library.urls")),
]

handler404 = "gallery.views.not_found"
handler500 = "gallery.views.broken"
