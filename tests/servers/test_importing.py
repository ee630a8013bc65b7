"""Importing a library: with its dates and texts, once, however often the import is run."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from providers.orange.server.accounts import open_account as open_orange
from providers.orange.server.models import MediaObject
from providers.sapo.server.auth.people import open_account as open_sapo
from providers.sapo.server.models import Album, Collection, Comment, Highlight, Image
from providers.server.manifest import read_manifest
from tests.support.painting import picture

pytestmark = pytest.mark.django_db
TAKEN = datetime(2024, 8, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.jpg").write_bytes(picture(text="a"))
    (tmp_path / "b.jpg").write_bytes(b"no picture at all")
    data = {
        "albums": [{"title": "Costa", "created_at": "2024-08-01T00:00:00+00:00"}],
        "collections": [{"title": "Mar", "albums": ["Costa"]}],
        "photos": [
            {
                "file": "a.jpg", "title": "Farol", "tags": ["mar", "costa nova"], "album": "Costa",
                "taken_at": TAKEN.isoformat(), "comments": [{"author": "rita", "body": "Que luz."}],
            },
            {"file": "b.jpg", "title": "Nada", "taken_at": TAKEN.isoformat()},
        ],
        "highlights": {"albums": ["Costa"], "tags": ["mar"]},
    }  # fmt: skip
    (tmp_path / "library.json").write_text(json.dumps(data))
    return tmp_path


def test_library_comes_to_sapo_with_everything_and_only_once(folder: Path) -> None:
    owner = open_sapo("ana", "ana@example.org", "a-long-password-1")
    for _ in range(2):
        out, err = StringIO(), StringIO()
        call_command("sapo_import", "ana", str(folder), stdout=out, stderr=err)
        assert out.getvalue() == "1 photos brought, 1 refused.\n"
        assert err.getvalue() == "b.jpg: INVALID_FILE\n"
    image = Image.objects.get(owner=owner)
    assert (image.title, image.tags, image.created_at) == ("Farol", "mar,costa nova", TAKEN)
    assert [album.title for album in image.albums.all()] == ["Costa"]
    assert Collection.objects.get().albums.get().title == "Costa"
    assert Comment.objects.get().body == "Que luz."
    assert Highlight.objects.count() == 3
    assert Album.objects.get(title="Costa").image_count == 1


def test_library_comes_to_orange_with_its_dates_and_only_once(folder: Path, alice: User) -> None:
    open_orange(alice)
    for _ in range(2):
        call_command("orange_import", alice.email, str(folder), stdout=StringIO(), stderr=StringIO())
    stored = MediaObject.objects.get()
    assert (stored.title, stored.filename, stored.created_at) == ("Farol", "a.jpg", TAKEN)
    assert stored.album.title == "Costa"


def test_folder_without_a_list_makes_albums_of_its_sub_folders(tmp_path: Path) -> None:
    open_sapo("ana", "ana@example.org", "a-long-password-1")
    (tmp_path / "Viagens" / "Douro").mkdir(parents=True)
    (tmp_path / "Viagens" / "Douro" / "vinha.jpg").write_bytes(picture(text="v"))
    call_command("sapo_import", "ana", str(tmp_path), stdout=StringIO())
    assert Image.objects.get().albums.get().title == "Viagens / Douro"


def test_hidden_files_and_folders_named_as_pictures_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "Praia" / ".thumbnails").mkdir(parents=True)
    (tmp_path / "Praia" / "folder.jpg").mkdir()
    for name in ("mar.JPG", "._mar.JPG", ".thumbnails/mar.jpg", "notes.txt"):
        (tmp_path / "Praia" / name).write_bytes(b"whatever it is")
    found = read_manifest(tmp_path).photos
    assert [(photo.path.name, photo.album) for photo in found] == [("mar.JPG", "Praia")]


def test_list_that_points_outside_its_folder_is_refused(tmp_path: Path) -> None:
    open_sapo("ana", "ana@example.org", "a-long-password-1")
    (tmp_path / "library.json").write_text(json.dumps({"photos": [{"file": "../../etc/passwd"}]}))
    with pytest.raises(CommandError, match="outside the folder"):
        call_command("sapo_import", "ana", str(tmp_path))
    assert not Image.objects.exists()


def test_unknown_person_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nobody on the SAPO server is called ana"):
        call_command("sapo_import", "ana", str(tmp_path))
