"""The addresses that programs call, in the shapes of the live service (docs/protocols/sapo.md).

Mounted below the service's own address, and at the root of the site as well, for programs of which
nothing but the host can be changed.
"""

from django.urls import path, re_path

from providers.sapo.server import (
    feed_views,
    metadata_views,
    rest_views,
    soap_views,
    sts_views,
    upload_views,
)

_FEEDS = {
    "JSON": {"is_new": False, "is_json": True},
    "RSS": {"is_new": False, "is_json": False},
    "RSS2": {"is_new": True, "is_json": False},
}

urlpatterns = [
    path("uploadPost.html", upload_views.upload, name="sapo_upload"),
    *(
        re_path(rf"^Photos/{name}/?\Z", feed_views.feed, kind, name=f"sapo_feed_{name.lower()}")
        for name, kind in _FEEDS.items()
    ),
    # Also with a slash behind, as one client writes it.
    re_path(r"^Photos/?\Z", soap_views.soap, name="sapo_soap"),
    re_path(r"^Photos/(?P<operation>[^/]+)/?\Z", rest_views.rest, name="sapo_rest"),
    re_path(r"^(?:STS|sts)/?\Z", sts_views.sts_soap, name="sapo_sts"),
    re_path(r"^(?:STS|sts)/(?P<operation>[^/]+)/?\Z", sts_views.sts_http, name="sapo_sts_http"),
    path("Metadata/Contract/<str:name>", metadata_views.contract, name="sapo_contract"),
    path("Metadata/Schema/<str:name>", metadata_views.schema, name="sapo_schema"),
]
