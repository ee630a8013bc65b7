"""The demo's painter: every scene becomes a picture, and a story a folder that the servers can import."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from gallery.demo.paint import paint_library
from gallery.demo.scenes import SCENES
from gallery.demo.story import Chapter
from providers.manifest import read_manifest

CHAPTER = Chapter(
    title="Perto",
    description="Em duas horas.",
    begins=datetime(2026, 3, 9, tzinfo=UTC),
    days=3,
    scenes=("azulejo",),
    photo_count=6,
    collection="Aqui",
)


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_painted_in_its_shape_and_in_many_colours(name: str) -> None:
    width, height = (side // 4 for side in SCENES[name].shape)
    painted = SCENES[name].paint(width, height, 1)
    assert painted.size == (width, height)
    colours = painted.convert("RGB").getcolors(width * height)
    assert colours and len(colours) > 100


def test_a_story_is_painted_once_into_a_folder_for_the_servers(tmp_path: Path) -> None:
    assert list(paint_library(tmp_path, (CHAPTER,), 1))[-1] == CHAPTER.photo_count
    painted = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir() if path.suffix != ".json"}
    for path in painted:
        Image.open(path).verify()
    assert len({path.read_bytes() for path in painted}) == CHAPTER.photo_count, "no two are alike"
    library = read_manifest(tmp_path)
    assert len(library.photos) == CHAPTER.photo_count
    assert {photo.album for photo in library.photos} == {CHAPTER.title}
    list(paint_library(tmp_path, (CHAPTER,), 1))
    assert all(path.stat().st_mtime_ns == when for path, when in painted.items())
