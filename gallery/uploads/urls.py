from django.urls import path

from gallery.uploads import acts, callback_views, new_views, straight_views, views

app_name = "uploads"
urlpatterns = [
    path("", views.upload_list, name="list"),
    path("new/", new_views.new_upload, name="new"),
    path("changes/", views.changes, name="changes"),
    path("batch/<int:pk>/", views.batch_page, name="batch"),
    path("<int:pk>/", views.row, name="row"),
    path("<int:pk>/preview/", views.preview, name="preview"),
    path("<int:pk>/retry/", acts.retry, name="retry"),
    path("<int:pk>/cancel/", acts.cancel, name="cancel"),
    path("<int:pk>/keep/", acts.keep, name="keep"),
    path("<int:pk>/smaller/", acts.smaller, name="smaller"),
    path("<int:pk>/change/", acts.change, name="change"),
    path("straight/", straight_views.straight, name="straight"),
    path("<int:pk>/prepare/", straight_views.prepare, name="prepare"),
    path("callback/<str:key>/", callback_views.callback, name="callback"),
]
