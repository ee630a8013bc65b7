"""Picture files in the recorded shapes, by literal HTTP (docs/protocols/sapo.md, 1.5)."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image as Painting
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from providers.sapo.server.media import View, view_urls
from providers.sapo.server.models import Image, Person
from providers.sapo.server.photo_store import remove_image, update_image
from tests.support.sapo_media import ana, fetch, get, painted, pending, stored

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = "/services/sapo"
SHAPE = re.compile(r"/services/sapo/i/([A-Za-z])[0-9a-f]{8}/(\d+)_[A-Za-z0-9]{5}\.(jpeg|png|gif|jpg)")
# The recorded table: box and letter, in the order of the feeds.
BOXES = [
    ((50, 50), "N"), ((90, 90), "M"), ((120, 90), "M"), ((260, 260), "P"), ((500, 500), "B"),
    ((580, 435), "N"), ((940, 705), "u"), ((1280, 960), "G"), ((1600, 1200), "u"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _empty_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def views(image: Image) -> list[View]:
    return view_urls(image, ROOT)


def test_addresses_have_the_recorded_shapes() -> None:
    image = stored(ana(), painted("jpeg", 2178, 2168))
    original, *small = views(image)
    assert (original.size, original.request_width, original.request_height) == ("original", 2178, 2168)
    assert [((view.request_width, view.request_height), view.url[17]) for view in small] == BOXES
    assert {view.size for view in small} >= {"normal", "large"}
    matches = [SHAPE.fullmatch(view.url) for view in [original, *small]]
    assert all(matches)
    assert {match[2] for match in matches if match} == {str(image.pk)}
    assert len({view.url for view in [original, *small]}) == 10


def test_each_address_gives_its_own_size(live_server: LiveServer) -> None:
    content = painted("jpeg", 1800, 1200)
    image = stored(ana(), content)
    original, *small = views(image)
    assert get(live_server.url, original.url).body == content
    for view in small:
        reply = get(live_server.url, view.url)
        assert (reply.status, reply.headers["content-type"]) == (200, "image/jpeg")
        assert reply.headers["content-length"] == str(len(reply.body))
        width, height = Painting.open(io.BytesIO(reply.body)).size
        assert width <= view.request_width and height <= view.request_height
        assert width == view.request_width or height == view.request_height


@pytest.mark.parametrize(
    ("kind", "original", "small"),
    [("png", "png", "png"), ("gif", "gif", "gif"), ("bmp", "bmp", "png"), ("tiff", "tiff", "jpeg")],
)
def test_formats_are_kept_or_become_what_browsers_show(
    live_server: LiveServer, kind: str, original: str, small: str
) -> None:
    image = stored(ana(), painted(kind, 300, 200))
    first, second, *_ = views(image)
    for view, expected in ((first, original), (second, small)):
        reply = get(live_server.url, view.url)
        assert view.url.endswith(f".{expected}")
        assert reply.headers["content-type"] == f"image/{expected}"
        assert (Painting.open(io.BytesIO(reply.body)).format or "").lower() == expected


def test_a_small_picture_is_never_enlarged(live_server: LiveServer) -> None:
    image = stored(ana(), painted("jpeg", 60, 40))
    large = views(image)[-1]
    assert Painting.open(io.BytesIO(get(live_server.url, large.url).body)).size == (60, 40)


def test_smaller_pictures_carry_nothing_but_pixels(live_server: LiveServer) -> None:
    file, exif = io.BytesIO(), Painting.Exif()
    exif[0x010E], exif[0x0112] = "where I live", 6
    Painting.open(io.BytesIO(painted("jpeg", 300, 200))).save(file, "jpeg", exif=exif)
    image = stored(ana(), file.getvalue() + b"<script>alert(1)</script>")
    assert (image.width, image.height) == (200, 300)  # as it is seen
    body = get(live_server.url, views(image)[4].url).body
    assert b"where I live" not in body and b"<script>" not in body
    assert Painting.open(io.BytesIO(body)).size == (173, 260)


def test_pictures_are_kept_by_browsers_and_asked_for_again_cheaply(live_server: LiveServer) -> None:
    image = stored(ana())
    for view in views(image)[:2]:
        first = get(live_server.url, view.url)
        assert first.headers["cache-control"] == "public, max-age=86400"
        assert first.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in first.headers
        again = get(live_server.url, view.url, {"If-None-Match": first.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
        assert get(live_server.url, view.url, {"If-None-Match": '"other"'}).status == 200
    one, two = (get(live_server.url, view.url).headers["etag"] for view in views(image)[:2])
    assert one != two


def test_head_tells_what_get_would(live_server: LiveServer) -> None:
    for view in views(stored(ana()))[:3]:
        whole, head = get(live_server.url, view.url), fetch(live_server.url, "HEAD", view.url)
        assert head.status == 200 and head.body == b""
        for name in ("content-length", "content-type", "etag"):
            assert head.headers[name] == whole.headers[name]


def test_an_address_cannot_be_guessed_from_another(live_server: LiveServer) -> None:
    owner = ana()
    one, two = stored(owner), stored(owner)
    url = views(one)[0].url
    swapped = url.replace(f"/{one.pk}_", f"/{two.pk}_")
    other_letter = url.replace("/i/o", "/i/N")
    other_end = url.replace(".jpeg", ".png")
    other_mark = re.sub(r"/i/o[0-9a-f]{8}", "/i/o00000000", url)
    no_suffix = re.sub(r"_[A-Za-z0-9]{5}\.", "_aaaaa.", url)
    assert get(live_server.url, url).status == 200
    for guess in (
        swapped,
        other_letter,
        other_end,
        other_mark,
        no_suffix,
        f"{ROOT}/i/o00000000/99999999_aaaaa.jpeg",
    ):
        assert get(live_server.url, guess).status == 404, guess


def test_a_picture_of_a_photo_that_is_not_shown_is_not_there(live_server: LiveServer) -> None:
    image = stored(ana())
    url = views(image)[1].url
    assert get(live_server.url, url).status == 200
    for name, hidden in (("is_active", False), ("is_inappropriate", True), ("is_pending", True)):
        with update_image(image) as row:
            setattr(row, name, hidden)
        assert get(live_server.url, url).status == 404, name
        with update_image(image) as row:
            setattr(row, name, not hidden)
    Person.objects.update(is_banned=True)
    assert get(live_server.url, url).status == 404
    Person.objects.update(is_banned=False)
    remove_image(image)
    assert get(live_server.url, url).status == 404


def test_a_photo_without_a_file_has_no_pictures() -> None:
    assert views(pending(ana())) == []


def test_a_picture_whose_file_is_gone_is_not_found(live_server: LiveServer) -> None:
    image = stored(ana())
    Image.objects.update(file_name="sapo/xx/gone.jpeg")
    for view in views(image)[:2]:
        assert get(live_server.url, view.url).status == 404
