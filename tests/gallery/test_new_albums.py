"""An album made for an upload, with words about it and a password, at the built-in SAPO server."""

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Album, Photo
from gallery.uploads.models import Upload, UploadBatch
from gallery.uploads.states import Status
from providers.linking import vault
from providers.sapo.server import models as there
from providers.sapo.server.auth.keys import unseal
from tests.support.jobs import send_upload
from tests.support.painting import picture
from tests.support.sapo_cast import LinkedSapo
from tests.support.sapo_site import signed_in

SECRET = "figo-maduro-31"


def send(world: LinkedSapo, name: str = "figo.jpg", **fields: object) -> HttpResponse:
    file = SimpleUploadedFile(name, picture(text=name), "image/jpeg")
    response = world.client.post("/uploads/new/", {"account": world.account.pk, "files": file, **fields})
    assert isinstance(response, HttpResponse)
    return response


def test_new_album_has_its_words_and_is_closed_from_the_start(world: LinkedSapo) -> None:
    response = send(
        world, new_album="Figueiras", album_description="O quintal\nem agosto", album_password=SECRET
    )
    assert response.status_code == 302
    send_upload(Upload.objects.get().pk)
    made = there.Album.objects.get(title="Figueiras")
    assert made.description == "O quintal\nem agosto"
    assert unseal(made.sealed_password, "album", f"{made.owner_id}/{made.number}") == SECRET
    ours = Album.objects.get(title="Figueiras")
    assert (ours.description, ours.has_password, ours.photo_count) == ("O quintal\nem agosto", True, 1)


def test_password_lies_sealed_until_the_album_is_made(world: LinkedSapo) -> None:
    send(world, new_album="Figueiras", album_password=SECRET)
    batch = UploadBatch.objects.get()
    assert batch.sealed_album_password and SECRET not in str(vars(batch))
    send_upload(Upload.objects.get().pk)
    batch.refresh_from_db()
    assert batch.album is not None and batch.sealed_album_password == ""


def test_album_whose_password_is_lost_is_not_made_open(world: LinkedSapo) -> None:
    send(world, new_album="Figueiras", album_password=SECRET)
    of_another = vault().seal(SECRET, "album", str(world.account.pk), "another form")
    UploadBatch.objects.update(sealed_album_password=of_another)
    upload = Upload.objects.get()
    send_upload(upload.pk)
    upload.refresh_from_db()
    assert (upload.status, upload.reason) == (Status.FAILED, "password_gone")
    assert not there.Album.objects.filter(title="Figueiras").exists()
    assert "can no longer be read here" in world.client.get("/uploads/").content.decode()


def test_words_without_a_new_album_are_told_so_and_nothing_is_sent(world: LinkedSapo) -> None:
    for fields in ({"album_password": SECRET}, {"album_description": "O quintal"}):
        response = send(world, **fields)
        assert response.status_code == 422
        shown = response.content.decode()
        assert "This is for a new album." in shown and "<details open>" in shown
    assert not Upload.objects.exists()


def test_service_without_closed_albums_says_so(world: LinkedSapo, alice: User) -> None:
    orange = LinkedAccount.objects.create(
        user=alice, provider_id="pomar-orange", kind="orange", remote_id="alice", label="alice"
    )
    response = send(world, account=orange.pk, new_album="Bretagne", album_password=SECRET)
    assert response.status_code == 422
    assert "Albums on Orange have a name only." in response.content.decode()
    assert not Upload.objects.exists()


def test_stranger_to_the_password_sees_no_album(world: LinkedSapo, bob: User) -> None:
    send(world, new_album="Figueiras", album_password=SECRET)
    send_upload(Upload.objects.get().pk)
    made = there.Album.objects.get(title="Figueiras")
    page = f"/services/sapo/fotos/{made.owner.username}/albuns/?aid={made.number}"
    assert Photo.objects.filter(title="figo", places__album__title="Figueiras").exists()
    assert "figo" not in signed_in(bob).get(page).content.decode()
