"""The Orange server's pictures: sizes, headers, and who may have them (docs/protocols/orange.md)."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from pytest_django import Settings

from providers import pictures
from providers.orange.protocol import PRECOMPUTED_BOXES
from providers.orange.server.models import MediaObject, OrangeAlbum
from providers.server.renditions import rendition_name
from tests.support.orange_kit import PICTURES, Caller, body_of, caller_for, root_of
from tests.support.painting import picture, size_of


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def caller(alice: User) -> Caller:
    return caller_for(alice)


def added(caller: Caller, content: bytes) -> MediaObject:
    assert root_of(caller.add(content, F_title="a")).get("code") == "3201"
    return MediaObject.objects.latest("pk")


def fetched(photo: MediaObject, query: str = "", **headers: str) -> Any:
    return Client().get(f"{PICTURES}?cid={photo.cyphered_id}&app=papi{query}", headers=headers)


def test_base_url_leads_to_the_original(caller: Caller) -> None:
    content = picture()
    added(caller, content)
    album_id = OrangeAlbum.objects.get().cyphered_id
    url = root_of(caller.get(f"action=GetMediaObjsList&Album={album_id}")).findtext(".//baseUrl")
    assert url and url.startswith("http://testserver/")
    response = Client().get(url.removeprefix("http://testserver"))
    assert body_of(response) == content
    assert response["Content-Type"] == "image/jpeg" and response["Content-Length"] == str(len(content))


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("", (1200, 600)),
        ("&width=100&height=100", (100, 50)),
        ("&width=500&height=500", (500, 250)),
        ("&width=640&height=640", (640, 320)),
        ("&width=320", (320, 160)),
        ("&height=160", (320, 160)),
        ("&width=5000&height=5000", (1200, 600)),
        ("&width=1200", (1200, 600)),
        ("&width=0", (1, 1)),
        ("&width=-5", (1200, 600)),
        ("&width=abc", (1200, 600)),
        ("&width=99999999999", (1200, 600)),
    ],
)
def test_picture_fits_its_box_and_is_never_enlarged(
    caller: Caller, query: str, size: tuple[int, int]
) -> None:
    response = fetched(added(caller, picture(width=1200, height=600)), query)
    assert size_of(body_of(response)) == size


@pytest.mark.parametrize(
    ("shape", "query", "size"),
    [
        ((1200, 600), "&width=500", (500, 250)),
        ((1200, 600), "&width=300&height=300", (300, 150)),
        ((1200, 600), "&width=1024", (1024, 512)),
        ((1200, 600), "&width=75&height=1000", (75, 38)),
        ((600, 1200), "&width=150", (150, 300)),
        ((600, 1200), "&width=500&height=500", (250, 500)),
        ((600, 1200), "&height=90", (45, 90)),
        ((1200, 600), "&Width=320&HEIGHT=400", (320, 160)),
    ],
)
def test_side_that_decides_is_what_was_asked_for(
    caller: Caller, shape: tuple[int, int], query: str, size: tuple[int, int]
) -> None:
    photo = added(caller, picture(width=shape[0], height=shape[1]))
    assert size_of(body_of(fetched(photo, query))) == size


def test_boxes_of_the_same_picture_are_one_file(caller: Caller) -> None:
    photo = added(caller, picture(width=1200, height=600))
    for query in ("&width=301", "&width=302&height=900", "&width=303"):
        assert size_of(body_of(fetched(photo, query)))[0] == 296
    made = default_storage.listdir(rendition_name(photo.stored_name, 0, 0, "").rpartition("/")[0])[1]
    assert len(made) == 1 + len(PRECOMPUTED_BOXES)


@pytest.mark.parametrize("query", ["&width=333&height=777", "&width=1023", "&height=77"])
def test_sizes_in_between_fit_and_come_near(caller: Caller, query: str) -> None:
    photo = added(caller, picture(width=1200, height=600))
    width, height = size_of(body_of(fetched(photo, query)))
    parameters = dict(part.split("=") for part in query[1:].split("&"))
    limits = [int(parameters.get("width", 1200)) - width, int(parameters.get("height", 600)) - height]
    assert min(limits) in range(17) and max(limits) >= 0


def test_pictures_above_the_cap_stay_below_it(caller: Caller) -> None:
    photo = added(caller, picture(width=3000, height=1500))
    assert size_of(body_of(fetched(photo, "&width=2900"))) == (2048, 1024)


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("jpeg", "image/jpeg"), ("png", "image/png"), ("gif", "image/gif"), ("bmp", "image/png")],
)
def test_smaller_picture_keeps_its_type_and_a_bmp_becomes_png(
    caller: Caller, kind: str, media_type: str
) -> None:
    photo = added(caller, picture(kind, width=300, height=300))
    assert fetched(photo)["Content-Type"] == f"image/{kind}"
    small = fetched(photo, "&width=100&height=100")
    assert small["Content-Type"] == media_type
    assert pictures.recognise(body_of(small)[:16]) == media_type.removeprefix("image/")


def test_what_lay_hidden_in_a_file_is_not_in_its_smaller_pictures(caller: Caller) -> None:
    photo = added(caller, picture(width=600, height=600) + b"<script>alert(1)</script>")
    assert b"<script>" not in body_of(fetched(photo, "&width=500&height=500"))


def test_picture_is_guarded_by_its_headers(caller: Caller) -> None:
    photo = added(caller, picture())
    for query in ("", "&width=100&height=100", "&width=32"):
        response = fetched(photo, query)
        body_of(response)
        assert response["Cache-Control"] == "private, max-age=86400"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "sandbox" in response["Content-Security-Policy"]


def test_picture_known_already_is_not_sent_again(caller: Caller) -> None:
    photo = added(caller, picture())
    etags = {fetched(photo, query)["ETag"] for query in ("", "&width=100&height=100", "&width=32")}
    assert len(etags) == 3
    again = fetched(photo, "", **{"If-None-Match": fetched(photo)["ETag"]})
    assert again.status_code == 304 and again.content == b""


def test_head_tells_the_length_alone(caller: Caller) -> None:
    photo = added(caller, picture())
    response = Client().head(f"{PICTURES}?cid={photo.cyphered_id}&app=papi")
    assert response.status_code == 200 and body_of(response) == b""


@pytest.mark.parametrize("cid", ["", "0" * 16, "../../etc", "%00", "é", "x" * 5000])
def test_unknown_picture_is_a_404(db: None, cid: str) -> None:
    assert Client().get(f"{PICTURES}?cid={cid}&app=papi").status_code == 404


def test_decimal_id_opens_no_picture(caller: Caller) -> None:
    photo = added(caller, picture())
    assert Client().get(f"{PICTURES}?cid={photo.pk}&app=papi").status_code == 404


def test_guessing_is_slowed_down_and_knowing_is_not(caller: Caller) -> None:
    photo = added(caller, picture())
    for _ in range(80):
        body_of(fetched(photo))
    assert fetched(photo).status_code == 200
    statuses = [Client().get(f"{PICTURES}?cid={number:016x}").status_code for number in range(70)]
    assert statuses[:60] == [404] * 60 and statuses[60:] == [429] * 10
    assert Client().get(f"{PICTURES}?cid=0")["Retry-After"] == "60"


def test_lost_file_is_a_404_and_no_crash(caller: Caller) -> None:
    photo = added(caller, picture())
    default_storage.delete(photo.stored_name)
    assert fetched(photo).status_code == 404
    assert fetched(photo, "&width=32").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_many_askers_of_one_missing_size_cause_one_decode(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = added(caller_for(alice), picture(width=1200, height=900))
    decoded: list[object] = []
    shrink = pictures.shrink

    def counted(*args: Any, **kwargs: Any) -> tuple[bytes, str]:
        decoded.append(args)
        return shrink(*args, **kwargs)

    monkeypatch.setattr(pictures, "shrink", counted)
    sizes: list[tuple[int, int]] = []

    def ask() -> None:
        sizes.append(size_of(body_of(fetched(photo, "&width=800&height=800"))))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes == [(800, 600)] * 12 and len(decoded) == 1
