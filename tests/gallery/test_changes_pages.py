"""The pages on which one's own photos are changed, against the built-in SAPO server."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone

from gallery.changes import services
from gallery.changes.models import Change
from gallery.library.models import Photo
from gallery.remote.limits import COMMENTS
from providers.sapo.server import models as sapo
from tests.support.jobs import apply_all_changes
from tests.support.sapo_cast import HTMX, OwnPhoto, form_of, send
from tests.support.sapo_site import serve_at, signed_in
from tests.support.slow_server import SlowServer

pytestmark = pytest.mark.django_db(transaction=True)


def test_photo_page_offers_the_changes_and_tells_how_they_stand(own: OwnPhoto) -> None:
    address = reverse("library:photo", args=[own.photo.pk])
    page = own.client.get(address).content.decode()
    for name in ("edit", "albums", "delete"):
        assert reverse(f"changes:{name}", args=[own.photo.pk]) in page
    assert "Anyone who knows its password" in page and "For adults" in page
    send(own, title="Outra")
    page = own.client.get(address).content.decode()
    assert "Saving" in page and reverse("changes:state", args=[own.photo.pk]) in page
    apply_all_changes()
    state = own.client.get(reverse("changes:state", args=[own.photo.pk]), headers={"HX-Request": "true"})
    assert state["HX-Refresh"] == "true"
    page = own.client.get(address).content.decode()
    assert "Saved" in page and "Outra" in page
    Change.objects.update(updated_at=timezone.now() - timedelta(minutes=5))
    assert "Saved" not in own.client.get(address).content.decode()


def test_page_that_was_made_while_the_change_ended_is_read_anew(own: OwnPhoto) -> None:
    services.edit(own.photo, {"title": "Entretanto"})
    apply_all_changes()
    render = Template("{% load photo_changes %}{% photo_changes photo %}").render
    behind, anew = own.photo, Photo.objects.get()
    state = reverse("changes:state", args=[own.photo.pk])
    assert state in render(Context({"photo": behind}))
    assert state not in render(Context({"photo": anew}))


def test_comments_are_read_from_the_service(own: OwnPhoto) -> None:
    sapo.Comment.objects.create(image=own.image, nickname="rui", body="Que luz <b>", is_approved=True)
    address = reverse("changes:comments", args=[own.photo.pk])
    assert address in own.client.get(reverse("library:photo", args=[own.photo.pk])).content.decode()
    fragment = own.client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "rui" in fragment and "Que luz &lt;b&gt;" in fragment and "<html" not in fragment
    assert "<html" in own.client.get(address).content.decode()


def test_comments_of_a_service_that_is_away_can_be_asked_again(own: OwnPhoto) -> None:
    serve_at("http://127.0.0.1:9")
    fragment = own.client.get(reverse("changes:comments", args=[own.photo.pk])).content.decode()
    assert "Try again" in fragment


def test_comments_of_a_service_that_keeps_failing_are_not_asked_for_a_while(own: OwnPhoto) -> None:
    address = reverse("changes:comments", args=[own.photo.pk])
    with SlowServer() as broken:
        serve_at(broken.url)
        broken.go_on.set()
        for _ in range(COMMENTS.failures):
            own.client.get(address)
        request_count = broken.request_count
        assert "Try again" in own.client.get(address).content.decode()
        assert broken.request_count == request_count >= COMMENTS.failures


def test_comments_of_our_copy_stand_until_the_service_tells_those_of_now(own: OwnPhoto) -> None:
    sapo.Comment.objects.create(image=own.image, nickname="rui", body="Que luz", is_approved=True)
    send(own, title="Farol ao fim do dia")
    apply_all_changes()
    sapo.Comment.objects.create(image=own.image, nickname="eva", body="Onde é", is_approved=True)
    page, address = (reverse(name, args=[own.photo.pk]) for name in ("library:photo", "changes:comments"))
    shown = own.client.get(page).content.decode()
    assert "Que luz" in shown and f'hx-get="{address}"' in shown
    serve_at("http://127.0.0.1:9")
    away = own.client.get(address, headers=HTMX).content.decode()
    assert "Try again" in away and "Que luz" in away and "Onde é" not in away


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("title", "x" * 201, "at most 200"),
        ("tags", "y" * 101, "A tag has at most 100 characters"),
        ("title", "bell\x07", "cannot be sent"),
        ("description", "nul\x00", "ull characters"),
    ],
)
def test_bad_text_is_told_and_nothing_is_asked(own: OwnPhoto, field: str, text: str, message: str) -> None:
    answer = own.client.post(reverse("changes:edit", args=[own.photo.pk]), form_of(own) | {field: text})
    assert answer.status_code == 200 and message in answer.content.decode()
    assert not Change.objects.exists()


def test_carol_sees_and_changes_nothing(own: OwnPhoto, carol: User) -> None:
    client = signed_in(carol)
    services.edit(own.photo, {"title": "De Alice"})
    for name in ("edit", "delete", "albums", "comments"):
        address = reverse(f"changes:{name}", args=[own.photo.pk])
        assert client.get(address).status_code == 404
        if name != "comments":
            assert client.post(address, {"title": "De Carol", "albums": []}).status_code == 404
    assert Change.objects.count() == 1
    htmx = {"HX-Request": "true"}
    hers = client.get(reverse("changes:state", args=[own.photo.pk]), headers=htmx)
    nobodys = client.get(reverse("changes:state", args=[10**9]), headers=htmx)
    assert (hers.content, hers["HX-Redirect"]) == (nobodys.content, nobodys["HX-Redirect"]) == (b"", "/")
    own.client.logout()
    assert own.client.get(reverse("changes:edit", args=[own.photo.pk])).status_code == 302


def test_photo_that_is_gone_meanwhile_is_said_where_the_way_leads(own: OwnPhoto) -> None:
    address = reverse("changes:state", args=[own.photo.pk])
    send(own, title="Farol ao fim do dia")
    own.image.delete()
    apply_all_changes()
    answer = own.client.get(address, headers=HTMX)
    assert answer["HX-Redirect"] == "/"
    assert "This photo is gone: its service no longer has it." in own.client.get("/").content.decode()
