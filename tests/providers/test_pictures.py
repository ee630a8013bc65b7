"""What is found out about picture files, and which are not taken."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from providers import pictures

KINDS = {"jpeg": "jpg", "png": "png", "gif": "gif", "bmp": "bmp", "tiff": "tif", "webp": "webp"}


def noisy(folder: Path, kind: str, **options: bool) -> Path:
    path = folder / f"picture.{KINDS[kind]}"
    Image.effect_noise((900, 600), 80).convert("RGB").save(path, kind.upper(), **options)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_picture_is_known_by_its_content(tmp_path: Path, kind: str) -> None:
    path = noisy(tmp_path, kind).rename(tmp_path / "named.txt")
    facts = pictures.inspect(path)
    assert (facts.kind, facts.width, facts.height) == (kind, 900, 600)
    assert all(100 < part < 156 for part in facts.colour)


@pytest.mark.parametrize("kind", KINDS)
def test_truncated_picture_is_refused(tmp_path: Path, kind: str) -> None:
    path = noisy(tmp_path, kind)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(pictures.BadPicture, match="damaged"):
        pictures.inspect(path)


@pytest.mark.parametrize("side", [10, 100, 2000])
@pytest.mark.parametrize("kind", KINDS)
def test_smaller_picture_fits_its_box_and_is_never_enlarged(tmp_path: Path, kind: str, side: int) -> None:
    content, media_type = pictures.shrink(noisy(tmp_path, kind), side, side)
    (tmp_path / "small").write_bytes(content)
    small = pictures.inspect(tmp_path / "small")
    assert small.media_type == media_type
    assert small.width == min(side, 900)
    assert abs(small.height - small.width * 2 / 3) <= 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"plain words", "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
    ],
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "named.jpg"
    path.write_bytes(content)
    with pytest.raises(pictures.BadPicture, match=reason):
        pictures.inspect(path)


def test_picture_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    Image.new("1", (20_000, 20_000)).save(path)
    with pytest.raises(pictures.BadPicture, match="too_many_pixels"):
        pictures.inspect(path)


def test_transparent_picture_has_the_colour_of_the_page_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "clear.png"
    Image.new("RGBA", (200, 200), (1, 2, 3, 0)).save(path)
    assert pictures.inspect(path).colour == (255, 255, 255)


def test_date_and_turning_are_read_from_exif(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6  # turned by a quarter
    exif.get_ifd(34665)[36867] = "2026:08:02 09:30:00"
    path = tmp_path / "turned.jpg"
    Image.new("RGB", (300, 200), (200, 100, 50)).save(path, exif=exif)
    facts = pictures.inspect(path)
    assert (facts.width, facts.height) == (200, 300)
    assert facts.taken_at is not None and facts.taken_at.isoformat() == "2026-08-02T09:30:00"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("options", [{}, {"progressive": True, "optimize": True}])
def test_whole_picture_passes_by_its_structure(tmp_path: Path, kind: str, options: dict[str, bool]) -> None:
    path = noisy(tmp_path, kind, **options)
    assert pictures.inspect_structure(path) == pictures.PictureFacts(
        kind=kind,
        media_type=pictures.MEDIA_TYPES[kind],
        width=900,
        height=600,
        byte_size=path.stat().st_size,
        taken_at=None,
    )


@settings(max_examples=60, derandomize=True)
@given(kind=st.sampled_from(sorted(KINDS)), part=st.floats(0.05, 0.999))
def test_picture_that_breaks_off_anywhere_is_found_by_its_structure(kind: str, part: float) -> None:
    with TemporaryDirectory() as folder:
        path = noisy(Path(folder), kind)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * part)])
        with pytest.raises(pictures.BadPicture):
            pictures.inspect_structure(path)


def test_jpeg_with_a_preview_inside_and_another_picture_behind_is_whole(tmp_path: Path) -> None:
    """As cameras write them: the preview's end is not the picture's."""
    path = noisy(tmp_path, "jpeg")
    content = path.read_bytes()
    preview = b"Exif\0\0" + content[:20_000] + b"\xff\xd9"
    segment = b"\xff\xe1" + (len(preview) + 2).to_bytes(2) + preview
    path.write_bytes(content[:2] + segment + content[2:] + content)
    assert pictures.inspect_structure(path).width == 900
    path.write_bytes(content[:2] + segment + content[2:-4000])
    with pytest.raises(pictures.BadPicture, match="damaged"):
        pictures.inspect_structure(path)
