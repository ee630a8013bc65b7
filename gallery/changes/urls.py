from django.urls import path

from gallery.changes import views

app_name = "changes"
urlpatterns = [
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/delete/", views.delete, name="delete"),
    path("<int:pk>/albums/", views.place, name="albums"),
    path("<int:pk>/state/", views.state, name="state"),
    path("<int:pk>/comments/", views.comments, name="comments"),
]
