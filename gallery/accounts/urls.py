from django.urls import path

from gallery.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.account_list, name="list"),
    path("new/", views.link_choice, name="new"),
    path("<int:pk>/unlink/", views.unlink, name="unlink"),
    path("<int:pk>/consent/", views.give_consent, name="consent"),
    path("<int:pk>/consented/", views.consented, name="consented"),
]
