"""The site's addresses and one more: a view that does nothing, which the others are compared to."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@login_not_required
def trivial(request: HttpRequest) -> HttpResponse:
    """Two letters, through all middleware; for everybody, so that not even the session is read."""
    return HttpResponse("ok")


urlpatterns = [path("trivial/", trivial), path("", include("gallery.urls"))]
