"""Addresses of the library. Pictures' and photos' are also written by hand where many are printed."""

from django.urls import path

from gallery.library.views import albums, collections, photo, pictures, search, syncing, tags, timeline

app_name = "library"

urlpatterns = [
    path("", timeline.home, name="home"),
    path("photos/<int:year>/<int:month>/", timeline.month, name="month"),
    path("photos/<int:pk>/", photo.photo, name="photo"),
    path("pictures/found/<str:key>/<int:size>", pictures.found_picture, name="found_picture"),
    path("pictures/<int:pk>/<str:key>/<int:size>", pictures.picture, name="picture"),
    path("albums/", albums.album_list, name="album_list"),
    path("albums/<int:pk>/", albums.album, name="album"),
    path("albums/<int:pk>/cover/<int:photo_pk>/", albums.cover, name="cover"),
    path("collections/", collections.collection_list, name="collection_list"),
    path("collections/<int:pk>/", collections.collection, name="collection"),
    path("tags/", tags.tag_list, name="tag_list"),
    path("tags/<path:slug>/", tags.tag, name="tag"),
    path("search/", search.search, name="search"),
    path("search/ask/<int:pk>/", search.ask, name="ask"),
    path("sync/<int:pk>/", syncing.sync_status, name="sync_status"),
    path("sync/<int:pk>/now/", syncing.sync_now, name="sync_now"),
]
