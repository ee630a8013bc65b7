"""Whether a file is whole, told by its structure: the same wherever its blocks end."""

import random
import zlib
from pathlib import Path

import pytest

from providers.pictures import wholeness
from tests.support.painting import picture

JPEG, PNG = picture("jpeg", 300, 200), picture("png", 90, 60)
FILL = b"\xff" * 50


@pytest.fixture(params=[16, 61, 1024 * 1024], ids=["tiny blocks", "small blocks", "one block"])
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wholeness, "BLOCK_BYTES", request.param)


def is_whole(folder: Path, content: bytes, kind: str) -> bool:
    path = folder / "picture"
    path.write_bytes(content)
    return wholeness.is_whole(path, kind)


@pytest.mark.usefixtures("_blocks")
def test_whole_files_are_whole(tmp_path: Path) -> None:
    assert is_whole(tmp_path, JPEG, "jpeg") and is_whole(tmp_path, PNG, "png")
    assert is_whole(tmp_path, JPEG + b"what cameras add", "jpeg")
    assert is_whole(tmp_path, JPEG[:2] + FILL + JPEG[2:], "jpeg"), "fill bytes may stand before a marker"


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize(("content", "kind"), [(JPEG, "jpeg"), (PNG, "png")], ids=["jpeg", "png"])
def test_file_that_breaks_off_is_not_whole_wherever_it_does(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    for end in {0, 1, 2, 3, 4, len(content) - 1, *random.Random(5).sample(range(len(content)), 60)}:
        assert not is_whole(tmp_path, content[:end], kind), end


@pytest.mark.usefixtures("_blocks")
def test_foreign_bytes_are_found_wherever_they_are(tmp_path: Path) -> None:
    pixels = JPEG.rindex(b"\xff\xda") + 14
    for place in {pixels, *range(pixels, pixels + 40), len(JPEG) - 4}:
        assert not is_whole(tmp_path, JPEG[:place] + b"\xff\x01" + JPEG[place + 2 :], "jpeg"), place
    name = PNG.index(b"IDAT")
    for place in (name, name + 9, len(PNG) - 14):
        broken = bytes([PNG[place] ^ 1])
        assert not is_whole(tmp_path, PNG[:place] + broken + PNG[place + 1 :], "png"), place


def test_long_fill_is_passed_over_at_once(tmp_path: Path) -> None:
    content = JPEG[:2] + b"\xff" * 20_000_000 + JPEG[2:]
    path = tmp_path / "fill.jpg"
    path.write_bytes(content)
    reads = []
    with path.open("rb") as file:
        blocks = wholeness.Blocks(file.fileno())
        cover = blocks.cover
        blocks.cover = lambda place, count: reads.append(place) or cover(place, count)  # type: ignore[method-assign,func-returns-value]
        assert wholeness.is_whole_jpeg(blocks)
    assert len(reads) < 200


def test_chunk_that_claims_more_than_there_is_costs_nothing(tmp_path: Path) -> None:
    claimed = PNG[:8] + (2**31 - 1).to_bytes(4) + b"IDAT" + bytes(90)
    assert not is_whole(tmp_path, claimed + zlib.crc32(claimed).to_bytes(4), "png")
