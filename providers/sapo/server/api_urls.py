"""The endpoints that programs call, in the shapes of the live service (docs/protocols/sapo.md).

Mounted below the service's own URL, and at the root of the site as well, for programs in which only the
host can be changed.
"""

from django.urls import path, re_path

from providers.sapo.server.bindings import feeds, metadata, rest, soap, sts
from providers.sapo.server.upload import views as upload_views

_FEEDS = {
    "JSON": {"is_new": False, "is_json": True},
    "RSS": {"is_new": False, "is_json": False},
    "RSS2": {"is_new": True, "is_json": False},
}

urlpatterns = [
    path("uploadPost.html", upload_views.upload, name="sapo_upload"),
    *(
        re_path(rf"^Photos/{name}/?\Z", feeds.feed, kind, name=f"sapo_feed_{name.lower()}")
        for name, kind in _FEEDS.items()
    ),
    # Also with a slash behind, as one client writes it.
    re_path(r"^Photos/?\Z", soap.soap, name="sapo_soap"),
    re_path(r"^Photos/(?P<operation>[^/]+)/?\Z", rest.rest, name="sapo_rest"),
    re_path(r"^(?:STS|sts)/?\Z", sts.sts_soap, name="sapo_sts"),
    re_path(r"^(?:STS|sts)/(?P<operation>[^/]+)/?\Z", sts.sts_http, name="sapo_sts_http"),
    path("Metadata/Contract/<str:name>", metadata.contract, name="sapo_contract"),
    path("Metadata/Schema/<str:name>", metadata.schema, name="sapo_schema"),
]
