"""Somebody seen from behind, against the light."""

import numpy as np
from PIL import Image

from gallery.demo.canvas import (
    Array,
    Colour,
    blur,
    blur_mask,
    bokeh,
    finish,
    glow,
    grid,
    line,
    noise,
    over,
    step,
)


def person(
    width: int,
    height: int,
    seed: int,
    base: list[Colour],
    lights: list[Colour],
    skin: Colour,
    hair: Colour,
    cloth: Colour,
    rim: Colour,
    *,
    has_long_hair: bool = True,
) -> Image.Image:
    x, y = grid(width, height)
    s, cx, cy = min(width, height * 0.8), width * 0.5, height * 0.4
    image = bokeh(width, height, seed, base, lights, 40, 0.1, 4)
    image = image + (glow(x, y, cx - s * 0.35, cy - s * 0.2, s * 0.4) * 0.35)[..., None] * rim
    side = np.clip(0.55 - (x - cx) / s * 1.1, 0.12, 1.0)[..., None]
    widening = 0.085 + 0.07 * step(cy + s * 0.22, cy + s * 0.44, y)
    neck = step(1.5, -1.5, np.abs(x - cx) - s * widening) * (y > cy) * (y < cy + s * 0.5)
    body = _ellipse(x, y, cx, height * 1.1, s * 0.5, height * 1.1 - cy - s * 0.34)
    head = _ellipse(x, y, cx, cy, s * 0.165, s * 0.215)
    strand = noise(height, width, seed + 20, 1.1, 0.1, 1.0)[..., None]
    weave = (0.85 + 0.3 * noise(height, width, seed + 7, 3.0))[..., None]
    image = over(image, neck, skin * (0.2 + 0.45 * side))
    image = over(image, body, cloth * (0.14 + 0.5 * side) * weave)
    if has_long_hair:
        locks = _long_hair(x, y, cx, cy, s, head, strand[..., 0], seed)
    else:
        ears = [_ellipse(x, y, cx + turn * s * 0.165, cy + s * 0.03, s * 0.025, s * 0.05) for turn in (-1, 1)]
        image = over(image, np.maximum(*ears), skin * (0.3 + 0.5 * side))
        image = over(image, head, skin * (0.2 + 0.45 * side))
        locks = _ellipse(x, y, cx, cy - s * 0.05, s * 0.18, s * 0.185)
    image = over(image, locks, hair * (0.35 + 0.75 * side) * (0.55 + 0.9 * strand))
    edge = np.clip(body + neck + locks + head, 0, 1)
    halo = np.clip(edge - blur_mask(edge, s / 70), 0, 1) * step(cx + s * 0.25, cx - s * 0.25, x)
    return finish(blur(image + (halo * 1.5)[..., None] * rim, 0.7), seed, vignette=0.3)


def _ellipse(x: Array, y: Array, cx: float, cy: float, rx: float, ry: float, soft: float = 1.8) -> Array:
    d = np.hypot((x - cx) / rx, (y - cy) / ry)
    return step(1 + soft / min(rx, ry), 1 - soft / min(rx, ry), d)


def _long_hair(
    x: Array, y: Array, cx: float, cy: float, s: float, head: Array, strand: Array, seed: int
) -> Array:
    crown = np.maximum(head, _ellipse(x, y, cx - s * 0.01, cy - s * 0.03, s * 0.185, s * 0.2))
    wave = 0.185 + 0.05 * np.sin((y - cy) / s * 5) + 0.16 * (strand - 0.5)
    ends = cy + s * 0.46 - ((x - cx) / s) ** 2 * s * 1.2 + (line(x.shape[1], seed, 1.0) * s * 0.08)[None]
    fall = step(2, -2, np.abs(x - cx) - s * wave) * (y > cy) * step(2, -2, y - ends)
    return np.asarray(np.maximum(crown, fall))
