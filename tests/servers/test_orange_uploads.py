"""The Orange server takes pictures: AddMediaObj by literal forms (docs/protocols/orange.md, AddMediaObj)."""

import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import connection
from pytest_django import Settings

from providers.orange.server.albums import create_album, inbox_of
from providers.orange.server.errors import ServiceError
from providers.orange.server.models import MediaObject, OrangeAccount, OrangeAlbum
from providers.orange.server.photo_store import store_photo
from tests.support.orange_kit import Caller, caller_for, error_code, form, root_of
from tests.support.painting import huge_png, picture, size_of


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def caller(alice: User) -> Caller:
    return caller_for(alice)


def stored_files() -> list[str]:
    root = Path(default_storage.path(""))
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_added_picture_is_kept_byte_for_byte_with_its_facts(caller: Caller) -> None:
    content = picture(width=300, height=200)
    album = create_album(caller.account, "Bretagne")
    caller.add(content, F_title="Phare au soir", Album=album.cyphered_id)
    stored = MediaObject.objects.get()
    assert (stored.title, stored.filename, stored.album) == ("Phare au soir", "soir.jpg", album)
    assert (stored.byte_size, stored.width, stored.height) == (len(content), 300, 200)
    assert stored.media_type == "image/jpeg" and len(stored.cyphered_id) == 16
    with default_storage.open(stored.stored_name) as file:
        assert file.read() == content


def test_answer_is_the_albums_with_their_new_counts(caller: Caller) -> None:
    album = create_album(caller.account, "Bretagne")
    root = root_of(caller.add(picture(), F_title="a", Album=album.cyphered_id))
    assert root.get("code") == "3201"
    assert [child.tag for child in root] == ["albums"]
    assert root.find("albums/album/mediaObjects").get("count") == "1"  # type: ignore[union-attr]


def test_new_picture_is_named_only_where_that_is_switched_on(caller: Caller, settings: Settings) -> None:
    settings.ORANGE_NAMES_NEW_PHOTO = True
    root = root_of(caller.add(picture(), F_title="a"))
    stored = MediaObject.objects.get()
    assert root.find("mediaObject").attrib == {"id": str(stored.pk), "cypheredId": stored.cyphered_id}  # type: ignore[union-attr]


@pytest.mark.parametrize("fields", [{}, {"Album": ""}])
def test_picture_without_album_goes_to_the_inbox(caller: Caller, fields: dict[str, str]) -> None:
    caller.add(picture(), F_title="a", **fields)
    caller.add(picture(), F_title="b", **fields)
    inbox = OrangeAlbum.objects.get()
    assert (inbox.title, inbox.is_inbox, inbox.media_count) == ("Inbox", True, 2)


def test_picture_without_title_gets_its_file_name(caller: Caller) -> None:
    caller.add(picture(), F_title="")
    assert MediaObject.objects.get().title == "soir.jpg"


def test_title_in_latin_1_is_understood(caller: Caller) -> None:
    body = form(
        [("action", "AddMediaObj"), ("F_title", "FETE"), ("token", caller.token)], picture(), "a", "x"
    )
    caller.post_form(body.replace(b"FETE", b"F\xeate"))
    assert MediaObject.objects.get().title == "Fête"


@pytest.mark.parametrize("kind", ["jpeg", "png", "gif", "bmp"])
@pytest.mark.parametrize("declared", ["image/jpeg", "text/plain", "application/octet-stream", "nonsense"])
def test_type_is_told_by_the_content(caller: Caller, kind: str, declared: str) -> None:
    caller.add(picture(kind), filename="a.txt", media_type=declared, F_title="a")
    assert MediaObject.objects.get().media_type == f"image/{kind}"


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("a&b <c>.jpg", "a&b <c>.jpg"),
        ("a&amp;b.jpg", "a&amp;b.jpg"),
        ("C:\\photos\\a.jpg", "a.jpg"),
        ("../../a.jpg", "a.jpg"),
        ("été 🏖.jpg", "été 🏖.jpg"),
    ],
)
def test_file_name_is_kept_as_words_only(caller: Caller, name: str, stored: str) -> None:
    caller.add(picture(), filename=name, F_title="a")
    photo = MediaObject.objects.get()
    assert photo.filename == stored
    assert ".." not in photo.stored_name and all(".." not in file for file in stored_files())


BAD_PICTURES = {
    "empty": b"",
    "text": b"I am no picture.",
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "half_jpeg": picture(width=900, height=700)[:3000],
    "half_png": picture("png", width=300, height=300)[:200],
    "jpeg_head": b"\xff\xd8\xff",
    "gif_head": b"GIF89a",
    "bmp_head": b"BM" + bytes(100),
    "tiff": picture("tiff"),
    "webp": picture("webp"),
    "four_hundred_megapixels": huge_png(),
}


@pytest.mark.parametrize("content", BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_bad_picture_is_refused_and_leaves_nothing(caller: Caller, content: bytes) -> None:
    response = caller.add(content, F_title="a")
    assert (response.status_code, error_code(response)) == (200, "9005")
    assert not MediaObject.objects.exists() and stored_files() == []
    assert OrangeAccount.objects.get().photo_count == 0


def test_file_over_the_accounts_limit_is_refused(caller: Caller) -> None:
    content = picture(width=400, height=400)
    OrangeAccount.objects.update(max_file_bytes=len(content) - 1)
    response = caller.add(content, F_title="a")
    assert (response.status_code, error_code(response)) == (200, "9006")
    OrangeAccount.objects.update(max_file_bytes=len(content))
    assert root_of(caller.add(content, F_title="a")).get("code") == "3201"


def test_accounts_limit_ends_at_the_sites_own(caller: Caller, settings: Settings) -> None:
    settings.SERVER_MAX_FILE_BYTES = 1000
    OrangeAccount.objects.update(max_file_bytes=10**9)
    response = caller.add(picture(width=400, height=400), F_title="a")
    assert error_code(response) == "9006" and b"1000 bytes" in response.content


def test_limit_is_20_mib_unless_changed(caller: Caller) -> None:
    response = caller.add(picture() + bytes(20 * 1024 * 1024), F_title="a")
    assert error_code(response) == "9006"
    assert stored_files() == []


@pytest.mark.parametrize("limit", [{"max_photos": 1}, {"max_storage_bytes": 1500}])
def test_full_account_takes_nothing_more(caller: Caller, limit: dict[str, int]) -> None:
    OrangeAccount.objects.update(**limit)
    assert root_of(caller.add(picture(), F_title="a")).get("code") == "3201"
    files = stored_files()
    response = caller.add(picture(colour=(1, 2, 3)), F_title="b")
    assert (response.status_code, error_code(response)) == (200, "9007")
    assert MediaObject.objects.count() == 1 and stored_files() == files


def test_counters_hold_what_is_kept(caller: Caller) -> None:
    contents = [picture(text=str(number)) for number in range(3)]
    for content in contents:
        caller.add(content, F_title="a")
    account = OrangeAccount.objects.get()
    assert (account.photo_count, account.stored_bytes) == (3, sum(map(len, contents)))


def test_deleted_picture_gives_back_its_place_and_its_files(
    caller: Caller, django_capture_on_commit_callbacks: object
) -> None:
    caller.add(picture(), F_title="a")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        MediaObject.objects.get().delete()
    account = OrangeAccount.objects.get()
    assert (account.photo_count, account.stored_bytes) == (0, 0)
    assert OrangeAlbum.objects.get().media_count == 0 and stored_files() == []


@pytest.mark.parametrize("title", ["x" * 301, "x" * 10_000, "\x01\x02"])
def test_photo_title_that_cannot_be_is_refused(caller: Caller, title: str) -> None:
    response = caller.add(picture(), F_title=title)
    assert error_code(response) == "9008" and stored_files() == []


def test_unknown_album_takes_nothing(caller: Caller, bob: User) -> None:
    foreign = create_album(caller_for(bob).account, "Bob's")
    for album_id in ("0000000000000", foreign.cyphered_id):
        assert error_code(caller.add(picture(), F_title="a", Album=album_id)) == "9003"
    assert stored_files() == [] and not MediaObject.objects.exists()


def test_file_of_an_unknown_sender_is_not_even_kept_for_a_moment(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No temporary file takes anything here, and nobody misses one."""
    monkeypatch.setattr("tempfile.NamedTemporaryFile", lambda **_: Path("/dev/full").open("wb"))  # noqa: SIM115
    assert error_code(caller.add(picture(), F_title="a")) == "9099"
    caller.token = "nobody-has-this"
    assert error_code(caller.add(picture(), F_title="a")) == "-1"


def test_second_file_in_a_form_is_ignored(caller: Caller) -> None:
    body = form(
        [("action", "AddMediaObj"), ("F_title", "a"), ("token", caller.token)], picture(), "a.jpg", "x"
    )
    end = body.rindex(b"------albums")
    second = (
        b'------albums7MA4YWxk\r\nContent-Disposition: form-data; name="F"; filename="b.jpg"\r\n\r\nother\r\n'
    )
    assert root_of(caller.post_form(body[:end] + second + body[end:])).get("code") == "3201"
    assert MediaObject.objects.get().filename == "a.jpg"


def test_thumbnails_are_there_before_the_answer(caller: Caller) -> None:
    caller.add(picture(width=1200, height=900), F_title="a")
    made = [name for name in stored_files() if name.startswith("renditions/")]
    sizes = {size_of(Path(default_storage.path(name)).read_bytes()) for name in made}
    assert sizes == {(100, 75), (500, 375)}


def test_picture_from_a_program_needs_no_file_on_disk(alice: User) -> None:
    account = caller_for(alice).account
    stored = store_photo(account, None, "a", "a.jpeg", io.BytesIO(picture()))
    assert stored.album.is_inbox


def test_picture_whose_row_fails_is_told_and_not_counted(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MediaObject, "save", _no_more_rows)
    response = caller.add(picture(), F_title="a")
    assert (response.status_code, error_code(response)) == (500, "9099")
    assert not MediaObject.objects.exists()
    assert OrangeAccount.objects.get().photo_count == 0


def _no_more_rows(*args: object, **kwargs: object) -> None:
    from django.db import OperationalError

    raise OperationalError("disk full")


@pytest.mark.django_db(transaction=True)
def test_last_place_is_given_once(alice: User) -> None:
    account = caller_for(alice).account
    OrangeAccount.objects.update(max_photos=1)
    outcomes = _at_once(
        4, lambda number: store_photo(account, None, "a", "a.jpeg", io.BytesIO(picture(text=str(number))))
    )
    assert sorted(outcomes) == ["9007", "9007", "9007", "ok"]
    assert MediaObject.objects.count() == 1 and OrangeAccount.objects.get().photo_count == 1


@pytest.mark.django_db(transaction=True)
def test_same_title_at_once_becomes_different_albums(alice: User) -> None:
    account = caller_for(alice).account
    assert _at_once(6, lambda number: create_album(account, "Bretagne")) == ["ok"] * 6
    titles = set(OrangeAlbum.objects.values_list("title", flat=True))
    assert titles == {"Bretagne", *(f"Bretagne-{number}" for number in range(1, 6))}


@pytest.mark.django_db(transaction=True)
def test_inbox_is_made_once(alice: User) -> None:
    account = caller_for(alice).account
    assert _at_once(6, lambda number: inbox_of(account)) == ["ok"] * 6
    assert OrangeAlbum.objects.count() == 1


def _at_once(count: int, work: Callable[[int], object]) -> list[str]:
    """What came of `work(number)` run by several threads at one moment."""
    outcomes: list[str] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
            outcomes.append("ok")
        except ServiceError as error:
            outcomes.append(error.code)
        except Exception as error:  # shown by the comparison
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_full_disk_leaves_no_half_file(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.files.base.File.chunks", _half_a_file)
    response = caller.add(picture(), F_title="a")
    assert (response.status_code, error_code(response)) == (500, "9099")
    assert stored_files() == [] and not MediaObject.objects.exists()


def _half_a_file(*args: object, **kwargs: object) -> Iterator[bytes]:
    yield b"half"
    _disk_is_full()


def _disk_is_full(*args: object, **kwargs: object) -> None:
    raise OSError(28, "No space left on device")
