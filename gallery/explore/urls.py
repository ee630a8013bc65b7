"""Addresses of the explore pages. Those with names in them are also written by hand (page_urls.py)."""

from django.urls import path

from gallery.explore.views import home, people, photo, search, tag

app_name = "explore"

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("<int:pk>/people/<path:username>/albums/<path:album_id>/", people.album, name="album"),
    path("<int:pk>/people/<path:username>/albums/", people.albums, name="albums"),
    path("<int:pk>/people/<path:username>/", people.person, name="person"),
    path("<int:pk>/keys/<path:username>/albums/<path:album_id>/", people.album_key, name="album_key"),
    path("<int:pk>/tags/<path:name>/", tag.tag, name="tag"),
    path("<int:pk>/photos/<path:remote_id>/", photo.photo, name="photo"),
]
