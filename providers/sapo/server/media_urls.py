"""The URLs of picture files and public pages, below the service's own."""

from django.urls import path, re_path

from providers.sapo.server.site import covers
from providers.sapo.server.site import images as image_views
from providers.sapo.server.site import pages as page_views

urlpatterns = [
    re_path(
        r"^(?P<path>i/[A-Za-z][0-9a-f]{8}/(?P<pk>[0-9]{1,18})_[A-Za-z0-9]{5}\.[a-z]{3,4})\Z",
        image_views.picture,
        name="sapo_picture",
    ),
    # The pages of fotos.sapo.pt; with and without a slash, as their URLs were written.
    path("fotos/", page_views.newest, name="sapo_newest"),
    re_path(r"^fotos/tags/(?P<tag>.+?)/?\Z", page_views.tagged, name="sapo_tag"),
    re_path(r"^fotos/(?P<username>[^/]+)/fotos/?\Z", page_views.fotos, name="sapo_gallery"),
    re_path(r"^fotos/(?P<username>[^/]+)/fotos/(?P<slug>[^/]+)/?\Z", page_views.fotos, name="sapo_photo"),
    re_path(r"^fotos/(?P<username>[^/]+)/albuns/?\Z", page_views.albums, name="sapo_albums"),
    re_path(r"^fotos/(?P<username>[^/]+)/coleccoes/?\Z", page_views.collections, name="sapo_collection"),
    re_path(r"^fotos/(?P<username>[^/]+)/perfil/?\Z", page_views.profile, name="sapo_profile"),
    path("fotos/<str:username>/capa-de-album/<int:number>", covers.album_cover, name="sapo_cover"),
    path(
        "fotos/<str:username>/capa-de-coleccao/<int:number>",
        covers.collection_cover,
        name="sapo_collection_cover",
    ),
    path("sapofotos/<str:username>/imgs/avatar.jpg", covers.avatar, name="sapo_avatar"),
]
