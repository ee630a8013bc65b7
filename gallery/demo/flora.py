"""Oranges in their tree, flowers in a garden."""

import numpy as np
from PIL import Image

from gallery.demo.canvas import (
    Array,
    Colour,
    blur,
    bokeh,
    colours,
    finish,
    glow,
    grid,
    noise,
    over,
    ramp,
    rgb,
    step,
)

DEEP_SHADE = rgb(0.02, 0.06, 0.02)
VEIN = rgb(0.6, 0.7, 0.3)
SKIN = ("5a1c02", "b9480a", "ee7a12", "ffa532", "ffc96b")


def _leaf(
    image: Array,
    x: Array,
    y: Array,
    place: tuple[float, float],
    length: float,
    angle: float,
    paint: Colour,
    soft: float = 1.0,
) -> Array:
    """Only the part of the picture that the leaf can reach is worked on."""
    reach = int(length * 1.1) + 2
    left, top = max(0, int(place[0]) - reach), max(0, int(place[1]) - reach)
    part = np.s_[top : max(0, int(place[1]) + reach), left : max(0, int(place[0]) + reach)]
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    dx, dy = x[part] - place[0], y[part] - place[1]
    u, v = (dx * cos + dy * sin) / length, (-dx * sin + dy * cos) / length
    v = v - 0.10 * np.sin(np.pi * np.clip(u, 0, 1))
    half = 0.21 * np.sin(np.pi * np.clip(u, 0, 1) ** 0.85)
    edge = soft / length
    mask = step(edge, -edge, np.abs(v) - half) * (u > 0) * (u < 1)
    lit = 0.75 + 0.5 * step(-0.2, 0.2, -v) + 0.16 * np.sin(u * 40 + np.abs(v) * 55) * 0.35
    vein = np.exp(-((v / 0.012) ** 2)) * 0.35
    image = image.copy()
    image[part] = over(image[part], mask, paint * lit[..., None] + vein[..., None] * VEIN)
    return image


def oranges(width: int, height: int, seed: int, count: int = 5) -> Image.Image:
    x, y = grid(width, height)
    rng = np.random.default_rng(seed)
    base = colours("0f2413", "244a1e", "4c7a2c", "a5b85a")
    image = bokeh(width, height, seed, base, colours("fff1b0", "d9e88a", "ffd27a"), 46, 0.075, 4)
    greens = colours("2c5a22", "3d7428", "5c9133", "224a1f")
    short = min(width, height)
    for _ in range(26):
        place = (rng.uniform(-0.1, 1) * width, rng.uniform(-0.05, 0.75) * height)
        paint = greens[rng.integers(4)] * rng.uniform(0.55, 0.9)
        image = _leaf(image, x, y, place, short * rng.uniform(0.22, 0.42), rng.uniform(0, 6.3), paint, 3)
    image = blur(image, 2.2)
    pore = noise(height, width, seed + 8, 0.4)
    for i in range(count):
        r = short * rng.uniform(0.15, 0.21)
        cx = width * (0.14 + 0.72 * (i + 0.5) / count) + rng.uniform(-0.03, 0.03) * width
        cy = height * rng.uniform(0.32, 0.72)
        image = _fruit(image, x, y, (cx, cy), r, pore)
        for angle in rng.uniform(-2.7, 0.1, 3):
            place = (cx + rng.uniform(-0.1, 0.1) * r, cy - r * 0.94)
            paint = greens[rng.integers(1, 3)] * rng.uniform(0.95, 1.3)
            image = _leaf(image, x, y, place, r * rng.uniform(0.9, 1.5), angle, paint)
    return finish(image, seed, vignette=0.3)


def _fruit(image: Array, x: Array, y: Array, place: tuple[float, float], r: float, pore: Array) -> Array:
    nx, ny = (x - place[0]) / r, (y - place[1]) / r
    d2 = nx**2 + ny**2
    nz = np.sqrt(np.clip(1 - d2, 0, 1))
    lambert = np.clip(-0.5 * nx - 0.6 * ny + 0.62 * nz, 0, 1)
    skin = ramp(lambert * 0.95, colours(*SKIN)) * (0.95 + 0.16 * (pore[..., None] - 0.5))
    skin = skin + (glow(nx, ny, -0.36, -0.44, 0.13) * 0.4)[..., None]
    rim = step(0.75, 1, d2) * np.clip(nx * 0.6 + ny * 0.2, 0, 1) * 0.24
    skin = skin + rim[..., None] * rgb(0.5, 0.8, 0.2)
    image = over(image, step(1.22, 0.85, np.hypot(nx - 0.09, ny - 0.13)) * 0.4, DEEP_SHADE)
    return over(image, step(1 + 1.4 / r, 1 - 1.4 / r, np.sqrt(d2)), skin)


def flower(
    width: int,
    height: int,
    seed: int,
    petals: list[Colour],
    heart: Colour,
    base: list[Colour],
    lights: list[Colour],
    *,
    place: tuple[float, float] = (0.5, 0.46),
    size: float = 0.4,
) -> Image.Image:
    x, y = grid(width, height)
    image = bokeh(width, height, seed, base, lights, 26, 0.1, 5)
    cx, cy, s = width * place[0], height * place[1], min(width, height) * size
    stem = np.abs(x - (cx + (y - cy) * 0.08)) - s * 0.035
    image = over(image, step(1.5, -1.5, stem) * (y > cy), base[2] * 0.9)
    dx, dy = x - cx, (y - cy) * 1.12
    r, angle = np.hypot(dx, dy) / s, np.arctan2(dy, dx)
    for layer, (scale, turn) in enumerate(((1.0, 0.0), (0.86, 0.24), (0.66, 0.1))):
        wave = np.abs(np.cos((angle + turn) * (3 + seed % 3))) ** 0.45
        edge = scale * (0.62 + 0.38 * wave) + 0.02 * np.sin(angle * 23 + layer)
        paint = ramp(np.clip(r / edge, 0, 1), [petals[0] * 0.55, *petals])
        lit = (0.94 + 0.1 * np.sin(angle * 70 + r * 6)) * (0.72 + 0.3 * wave + 0.14 * np.cos(angle + 2.3))
        image = over(image, step(0.09, -0.05, r - edge) * 0.3, image * 0.5)
        image = over(image, step(0.012, -0.012, r - edge), paint * lit[..., None])
    seeds = 0.6 + 0.8 * noise(height, width, seed + 2, 0.3)[..., None]
    middle = heart * seeds * (0.8 + 0.4 * step(0.2, 0, r))[..., None]
    return finish(over(image, step(0.2, 0.17, r), middle), seed, vignette=0.3)
