"""Going to an Orange server to link an account there, and coming back: for whoever is signed in."""

from urllib.parse import urlsplit

from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from providers.linking import service_apps
from providers.orange.adapter import OrangeAdapter


def _adapter(request: HttpRequest, provider_id: str) -> OrangeAdapter:
    """Raises Http404 for a server that is not offered, or that is no Orange server."""
    app = service_apps().get(provider_id)
    if app is None or app.kind != "orange":
        raise Http404
    return OrangeAdapter(request, provider_id)


@login_required
@never_cache
@reauthentication_required(allow_get=True, app="allauth.socialaccount")  # type: ignore[untyped-decorator]
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """For anybody signed in: says where they go, then sends them there."""
    adapter = _adapter(request, provider_id)
    response: HttpResponse = OAuth2LoginView.adapter_view(adapter)(request)
    parts = urlsplit(adapter.authorize_url)
    if parts.netloc:
        # A browser applies form-action to the redirect that follows the form as well.
        response._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]
    return response


@login_required
@never_cache
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """For whoever set out from the page above, in the same browser."""
    response: HttpResponse = OAuth2CallbackView.adapter_view(_adapter(request, provider_id))(request)
    return response
