from django.urls import path

from gallery.uploads.views import actions, direct
from gallery.uploads.views import callback as callback_views
from gallery.uploads.views import new as new_views
from gallery.uploads.views import pages as views

app_name = "uploads"
urlpatterns = [
    path("", views.upload_list, name="list"),
    path("new/", new_views.new_upload, name="new"),
    path("changes/", views.changes, name="changes"),
    path("batch/<int:pk>/", views.batch_page, name="batch"),
    path("<int:pk>/", views.row, name="row"),
    path("<int:pk>/preview/", views.preview, name="preview"),
    path("<int:pk>/retry/", actions.retry, name="retry"),
    path("<int:pk>/cancel/", actions.cancel, name="cancel"),
    path("<int:pk>/keep/", actions.send_anyway, name="send_anyway"),
    path("<int:pk>/smaller/", actions.smaller, name="smaller"),
    path("<int:pk>/change/", actions.change, name="change"),
    path("straight/", direct.straight, name="straight"),
    path("<int:pk>/prepare/", direct.prepare, name="prepare"),
    path("callback/<str:key>/", callback_views.callback, name="callback"),
]
