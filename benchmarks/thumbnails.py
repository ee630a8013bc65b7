"""A thumbnail of a 12-megapixel photograph, made on demand, against libvips alone."""

import io
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import NamedTemporaryFile
from unittest.mock import patch

import pyvips
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from benchmarks.report import Line
from providers import pictures
from providers.server.renditions import delete_with_renditions, stored_rendition

BOX = (500, 500)
ROUNDS = 9
MOST_TIMES = 1.3


def photograph() -> bytes:
    """A JPEG of 4000 x 3000 with as much detail as a camera's."""
    noise = Image.effect_noise((1000, 750), 60).resize((4000, 3000), Image.Resampling.BICUBIC)
    sky = Image.linear_gradient("L").resize((4000, 3000))
    out = io.BytesIO()
    Image.merge("RGB", (noise, sky, noise)).save(out, "JPEG", quality=92)
    return out.getvalue()


def by_libvips(path: Path) -> None:
    small = pyvips.Image.thumbnail(str(path), BOX[0], height=BOX[1], size="down", fail_on="error")
    small.colourspace("srgb").jpegsave_buffer(Q=82, strip=True, optimize_coding=True)


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure() -> list[Line]:
    name = default_storage.save("benchmarks/photograph.jpg", ContentFile(photograph()))
    alone, on_demand = [], []
    with NamedTemporaryFile(suffix=".jpg") as file:
        file.write(photograph())
        file.flush()
        for _ in range(ROUNDS):
            alone.append(seconds(lambda: by_libvips(Path(file.name))))
            _forget(name)
            on_demand.append(seconds(lambda: stored_rendition(name, *BOX)))
    ratio = median(on_demand) / median(alone)
    return [
        Line("thumbnail of 12 megapixels by libvips alone, ms", median(alone) * 1000),
        Line.at_most("the same on demand, kept on storage, times", ratio, MOST_TIMES),
        Line.at_most("decodes for a hundred askers of a missing one", decodes_for_a_hundred(name), 1),
    ]


def decodes_for_a_hundred(name: str) -> int:
    _forget(name)
    with patch("providers.server.renditions.pictures.shrink", wraps=pictures.shrink) as shrink:
        with ThreadPoolExecutor(100) as pool:
            found = set(pool.map(lambda _: stored_rendition(name, *BOX), range(100)))
        assert len(found) == 1
        return shrink.call_count


def _forget(name: str) -> None:
    content = default_storage.open(name).read()
    delete_with_renditions(name, [BOX])
    default_storage.save(name, ContentFile(content))
