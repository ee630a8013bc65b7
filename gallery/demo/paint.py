"""Paints a story's pictures into a folder, on all cores."""

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from PIL import Image, ImageEnhance, ImageOps

from gallery.demo.scenes import SCENES
from gallery.demo.story import Chapter, Shot, manifest, shots

_EXIF_TAKEN = 36867
_EXIF_FOLDER = 34665
_EXIF_CAMERA = (271, 272)


def paint_library(folder: Path, chapters: tuple[Chapter, ...], seed: int) -> Iterator[int]:
    """Write the pictures and `library.json`; yields how many are done so far. Skips what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = shots(chapters, seed)
    # One painting serves several shots: they go to one process together.
    groups: dict[tuple[str, int], list[Shot]] = {}
    for shot in taken:
        groups.setdefault((shot.scene, shot.seed), []).append(shot)
    done = 0
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for count in pool.map(_paint_group, [folder] * len(groups), groups.values()):
            done += count
            yield done
    text = json.dumps(manifest(chapters, taken), ensure_ascii=False, indent=1)
    (folder / "library.json").write_text(text, encoding="utf-8")


def _paint_group(folder: Path, group: list[Shot]) -> int:
    for shot in group:
        path = folder / shot.file
        if not path.exists():
            _save(_vary(_painting(shot.scene, shot.seed, shot.size), shot.variant), path, shot)
    return len(group)


@lru_cache(maxsize=2)
def _painting(scene: str, seed: int, size: float) -> Image.Image:
    width, height = (int(side * size) for side in SCENES[scene].shape)
    return SCENES[scene].paint(width, height, seed)


def _vary(picture: Image.Image, variant: str) -> Image.Image:
    """Another look at the same painting."""
    if variant == "mirror":
        return ImageOps.mirror(picture)
    if variant == "crop":
        width, height = picture.size
        return picture.crop((width // 6, height // 8, width * 15 // 16, height * 7 // 8))
    if variant == "mono":
        return ImageEnhance.Contrast(ImageOps.grayscale(picture).convert("RGB")).enhance(1.12)
    if variant in ("warm", "cool"):
        red, green, blue = picture.split()
        lift = (1.07, 0.9) if variant == "warm" else (0.92, 1.08)
        red, blue = (
            band.point(lambda v, by=by: min(255, int(v * by)))
            for band, by in zip((red, blue), lift, strict=True)
        )
        return Image.merge("RGB", (red, green, blue))
    return picture


def _save(picture: Image.Image, path: Path, shot: Shot) -> None:
    """Written whole or not at all, so that an interrupted start leaves no half picture."""
    partial = path.with_suffix(".part")
    exif = Image.Exif()
    exif[_EXIF_CAMERA[0]], exif[_EXIF_CAMERA[1]] = "Pomar", "Painted by code"
    taken = datetime.fromisoformat(shot.taken_at)
    exif.get_ifd(_EXIF_FOLDER)[_EXIF_TAKEN] = f"{taken:%Y:%m:%d %H:%M:%S}"
    if shot.kind == "jpg":
        picture.save(partial, "JPEG", quality=84, optimize=True, progressive=True, exif=exif)
    elif shot.kind == "gif":
        picture.quantize(128).save(partial, "GIF")
    elif shot.kind == "png":
        picture.quantize(256).save(partial, "PNG", optimize=True)
    else:
        picture.resize((picture.width // 2, picture.height // 2)).save(partial, "BMP")
    partial.rename(path)
