"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from gallery import health, look

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
    # For programs with the live service's paths built in; named below, so that answers name that place.
    *([path("", include("providers.sapo.server.api_urls"))] if settings.HAS_SAPO_SERVER else []),
    *(
        path(f"services/{app.split('.')[1]}/", include(f"{app}.urls"))
        for app in settings.SERVICE_APPS
        if app.endswith(".server")
    ),
    path("", include("gallery.library.urls")),
]

handler404 = "gallery.views.not_found"
handler500 = "gallery.views.broken"
