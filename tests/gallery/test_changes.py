"""Changing one's own photos, against the built-in SAPO server over HTTP."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.accounts.services import link_account
from gallery.changes import services
from gallery.changes.apply import MAX_TRIES
from gallery.changes.jobs import ChangeWork
from gallery.changes.models import Change
from gallery.library.models import Photo
from providers.linking import seal_token
from providers.sapo.server import models as sapo
from providers.sapo.server.auth.keys import unseal
from providers.sapo.server.auth.people import issue_token
from providers.sapo.server.photo_store import remove_image, update_image
from tests.support import jobs
from tests.support.jobs import apply_all_changes
from tests.support.sapo_api import album
from tests.support.sapo_cast import OwnPhoto, form_of, send
from tests.support.sapo_site import PROVIDER, lose_key, serve_at

pytestmark = pytest.mark.django_db(transaction=True)
Status = Change.Status


def test_edit_of_the_title_alone_erases_nothing(own: OwnPhoto) -> None:
    send(own, title="Praia da Rocha")
    apply_all_changes()
    own.image.refresh_from_db()
    assert own.image.title == "Praia da Rocha"
    assert (own.image.synopse, own.image.tags, own.image.is_adult) == ("Ao fim\nda tarde", "mar,areia", True)
    assert unseal(own.image.sealed_password, "image", own.image.uid) == "segredo"
    own.photo.refresh_from_db()
    assert (own.photo.title, own.photo.tag_names) == ("Praia da Rocha", ["mar", "areia"])
    assert own.photo.has_password and own.photo.is_adult
    assert own.photo.places.get().album.title == "Ferias"


def test_form_sent_as_it_was_shown_asks_for_nothing(own: OwnPhoto) -> None:
    send(own)
    assert not Change.objects.exists()


def test_what_changed_there_meanwhile_is_kept(own: OwnPhoto) -> None:
    form = form_of(own, title="Nova")
    with update_image(own.image) as row:
        row.synopse, row.tags = "Escrito noutro lado", "sol"
    own.client.post(reverse("changes:edit", args=[own.photo.pk]), form)
    apply_all_changes()
    own.image.refresh_from_db()
    assert (own.image.title, own.image.synopse, own.image.tags) == ("Nova", "Escrito noutro lado", "sol")


def test_two_edits_in_a_row_are_both_made(own: OwnPhoto) -> None:
    send(own, title="Primeira")
    send(own, tags="mar, areia, sol alto")
    apply_all_changes()
    own.image.refresh_from_db()
    assert own.image.title == "Primeira" and "sol" in own.image.tags
    assert set(Change.objects.values_list("status", flat=True)) == {Status.DONE}


def test_later_change_waits_for_the_earlier_one(own: OwnPhoto) -> None:
    first = services.edit(own.photo, {"title": "Primeira"})
    second = services.edit(own.photo, {"title": "Segunda"})
    jobs.apply_change(second.pk)
    second.refresh_from_db()
    assert second.status == Status.WAITING and second.tries == 0
    jobs.apply_change(first.pk)
    jobs.apply_change(second.pk)
    own.image.refresh_from_db()
    assert own.image.title == "Segunda"


def test_change_of_a_killed_worker_is_done_by_another(own: OwnPhoto) -> None:
    change = services.edit(own.photo, {"title": "Depois"})
    until = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
    Change.objects.filter(pk=change.pk).update(status=Status.WORKING, lease_until=until, tries=1)
    jobs.apply_change(change.pk)
    change.refresh_from_db()
    assert change.status == Status.WORKING  # its worker may live
    Change.objects.filter(pk=change.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.work_on(jobs.Kind.CHANGES) == 1
    change.refresh_from_db()
    own.image.refresh_from_db()
    assert (change.status, own.image.title) == (Status.DONE, "Depois")


def test_change_that_kills_every_worker_ends(own: OwnPhoto) -> None:
    change = services.edit(own.photo, {"title": "Nunca"})
    Change.objects.filter(pk=change.pk).update(
        status=Status.WORKING, lease_until=timezone.now(), tries=MAX_TRIES
    )
    jobs.apply_change(change.pk)
    change.refresh_from_db()
    assert (change.status, change.reason, change.sealed_request) == (Status.FAILED, "broken", "")


def test_worker_that_lost_its_lease_ends_nothing(own: OwnPhoto) -> None:
    change = services.edit(own.photo, {"title": "Tarde"})
    late = ChangeWork().claim()
    assert late is not None
    Change.objects.filter(pk=change.pk).update(lease_owner="another worker")
    late()
    change.refresh_from_db()
    assert (change.status, change.lease_owner) == (Status.WORKING, "another worker")


def test_change_waits_for_the_key_and_goes_on_by_itself(own: OwnPhoto) -> None:
    lose_key(own.account)
    change = services.edit(own.photo, {"title": "Paciente"})
    jobs.apply_change(change.pk)
    change.refresh_from_db()
    assert (change.status, change.next_at, change.reason) == (Status.WAITING, None, "reconnect")
    state = own.client.get(reverse("changes:state", args=[own.photo.pk]), headers={"HX-Request": "true"})
    assert "Your change waits until you connect again" in state.content.decode()
    assert not jobs.is_due(jobs.Kind.CHANGES, change.pk)
    account = LinkedAccount.objects.get()
    assert account.state == LinkedAccount.State.RECONNECT and account.social_account is not None
    token = seal_token(PROVIDER, "ana", issue_token(sapo.Person.objects.get()))
    account.social_account.socialtoken_set.update(token=token)
    link_account(account.social_account)
    jobs.apply_change(change.pk)
    own.image.refresh_from_db()
    assert own.image.title == "Paciente"


def test_service_that_is_away_is_asked_again_later(own: OwnPhoto) -> None:
    serve_at("http://127.0.0.1:9")
    change = services.edit(own.photo, {"title": "Mais tarde"})
    jobs.apply_change(change.pk)
    change.refresh_from_db()
    assert (change.status, change.tries, change.reason) == (Status.WAITING, 1, "unreachable")
    assert change.next_at is not None and change.next_at > timezone.now()
    before = change.updated_at
    jobs.apply_change(change.pk)  # a worker that comes too early
    change.refresh_from_db()
    assert (change.tries, change.updated_at) == (1, before)


def test_refused_change_says_so_and_leaves_the_account_alone(own: OwnPhoto) -> None:
    change = services.edit(own.photo, {"title": "x" * 201})
    jobs.apply_change(change.pk)
    change.refresh_from_db()
    own.account.refresh_from_db()
    assert change.status == Status.FAILED
    assert own.account.state == LinkedAccount.State.OK
    page = own.client.get(reverse("library:photo", args=[own.photo.pk])).content.decode()
    assert "Not saved" in page and "did not accept this change" in page


def test_password_and_adult_flag_can_be_set_and_taken_away(own: OwnPhoto) -> None:
    send(own, removes_password="on")
    apply_all_changes()
    own.image.refresh_from_db()
    assert own.image.sealed_password == "" and own.image.is_adult
    own.photo.refresh_from_db()
    assert not own.photo.has_password
    form = form_of(own, password="novo")
    del form["is_adult"]
    own.client.post(reverse("changes:edit", args=[own.photo.pk]), form)
    apply_all_changes()
    own.image.refresh_from_db()
    assert unseal(own.image.sealed_password, "image", own.image.uid) == "novo"
    assert not own.image.is_adult


def test_password_lies_sealed_and_is_forgotten(own: OwnPhoto) -> None:
    send(own, password="muito secreto")
    change = Change.objects.get()
    assert change.sealed_request and "secreto" not in change.sealed_request
    apply_all_changes()
    change.refresh_from_db()
    assert change.sealed_request == ""


def test_albums_are_those_that_were_ticked(own: OwnPhoto) -> None:
    numbers = dict(sapo.Album.objects.filter(is_special=False).values_list("title", "number"))
    address = reverse("changes:albums", args=[own.photo.pk])
    page = own.client.get(address)
    assert page.context["form"].initial["albums"] == [str(numbers["Ferias"])]
    own.client.post(address, {"albums": [str(numbers["Casa"])], "shown": str(numbers["Ferias"])})
    apply_all_changes()
    assert [one.title for one in own.image.albums.all()] == ["Casa"]
    assert [place.album.title for place in own.photo.places.all()] == ["Casa"]


def test_album_that_was_not_shown_keeps_the_photo(own: OwnPhoto) -> None:
    """It was put there by another program, after our last sync."""
    address = reverse("changes:albums", args=[own.photo.pk])
    numbers = dict(sapo.Album.objects.filter(is_special=False).values_list("title", "number"))
    shown = own.client.get(address).context["form"].initial["shown"]
    elsewhere = album(own.image.owner, "Noutro lado")
    with update_image(own.image) as row:
        sapo.ImageAlbum.objects.create(image=row, album=elsewhere, created_at=row.created_at)
    own.client.post(address, {"albums": [numbers["Ferias"], numbers["Casa"]], "shown": shown})
    apply_all_changes()
    assert {one.title for one in own.image.albums.all()} == {"Ferias", "Casa", "Noutro lado"}


def test_album_that_is_gone_does_not_take_the_photo_along(own: OwnPhoto) -> None:
    services.place(own.photo, added=["999"], removed=[])
    apply_all_changes()
    change = Change.objects.get()
    assert change.status == Status.FAILED
    assert Photo.objects.filter(pk=own.photo.pk).exists()


def test_deleted_photo_is_gone_everywhere(own: OwnPhoto) -> None:
    address = reverse("changes:delete", args=[own.photo.pk])
    page = own.client.get(address).content.decode()
    assert "This cannot be undone" in page and sapo.Image.objects.exists()
    own.client.post(address)
    own.client.post(address)
    assert Change.objects.count() == 1
    apply_all_changes()
    assert not sapo.Image.objects.exists() and not Photo.objects.exists()
    assert Change.objects.get().status == Status.DONE
    state = own.client.get(reverse("changes:state", args=[own.photo.pk]), headers={"HX-Request": "true"})
    assert state["HX-Redirect"] == reverse("library:home")


def test_deleting_what_is_gone_already_is_fine(own: OwnPhoto) -> None:
    remove_image(own.image)
    change = services.delete(own.photo)
    jobs.apply_change(change.pk)
    change.refresh_from_db()
    assert change.status == Status.DONE and not Photo.objects.exists()


def test_edit_of_what_is_gone_takes_it_from_the_library(own: OwnPhoto) -> None:
    remove_image(own.image)
    change = services.edit(own.photo, {"title": "Ninguem"})
    jobs.apply_change(change.pk)
    change.refresh_from_db()
    assert (change.status, change.reason) == (Status.FAILED, "not_found")
    assert not Photo.objects.exists()
