"""The sea from the shore, and the shore from above."""

import numpy as np
from PIL import Image

from gallery.demo.canvas import (
    Array,
    Colour,
    blur,
    colours,
    finish,
    glow,
    grid,
    line,
    noise,
    over,
    plane,
    ramp,
    rgb,
    step,
)
from gallery.demo.land import Light, sky

LAMP = rgb(1, 0.85, 0.5)


def sea(
    width: int,
    height: int,
    seed: int,
    stops: list[Colour],
    deep: Colour,
    cloud: Colour,
    light: Light,
    *,
    horizon: float = 0.55,
    amount: float = 0.6,
    chop: float = 0.5,
    lighthouse: tuple[float, float] | None = None,
) -> Image.Image:
    """`lighthouse`: its place and height in parts of the picture."""
    x, y = grid(width, height)
    hz = height * horizon
    image = sky(width, height, hz, stops, seed, cloud=cloud, amount=amount, light=light)
    wave = plane(noise(512, 512, seed + 3, 1.7), x, y, hz, width / 2, 0.12, height * 1.6) * 0.6
    wave = wave + plane(noise(512, 512, seed + 4, 1.2), x, y, hz, width / 2, 0.35, height * 5) * 0.4
    d = (y - hz) / (height - hz)
    sway = (wave - 0.5) * height * 0.34 * np.clip(d, 0.05, 1)
    mirror = np.clip(2 * hz - y + sway, 0, hz - 1).astype(int)
    reflected = blur(image, height / 60)[mirror, x.astype(int)]
    water = reflected * (0.72 - 0.3 * d[..., None]) + deep * (0.28 + 0.3 * d[..., None])
    water = water * (1 + (wave - 0.5)[..., None] * chop * (0.5 + d[..., None]))
    path = np.exp(-(((x - light.x * width) / (width * (0.03 + 0.13 * np.clip(d, 0, 1)))) ** 2))
    water = water + (path * step(0.52, 0.72, wave) * 0.75)[..., None] * light.warmth
    image = over(image, step(-0.7, 0.7, y - hz) * (y > hz), water)
    if lighthouse:
        image = _lighthouse(image, x, y, hz, lighthouse, deep, seed)
    return finish(image, seed)


def _lighthouse(
    image: Array, x: Array, y: Array, hz: float, place: tuple[float, float], deep: Colour, seed: int
) -> Array:
    height, width, _ = image.shape
    lx, lh = place[0] * width, place[1] * height
    wide = height * 0.018 * (1 + 0.5 * (y - (hz - lh)) / lh)
    tower = step(1, -1, np.abs(x - lx) - wide) * (y > hz - lh) * (y < hz + 4)
    image = over(image, tower, deep * 0.35)
    lantern = step(1, -1, np.abs(x - lx) - height * 0.012) * (y > hz - lh * 1.2) * (y < hz - lh)
    image = over(image, lantern, deep * 0.3)
    image = over(image, step(1, -1, np.hypot(x - lx, y - hz + lh * 1.2) - height * 0.014), deep * 0.3)
    slope = np.maximum(0, 0.09 * height - np.abs(np.arange(width, dtype=np.float32) - lx) * 0.22)
    rock = hz + 6 - slope * (1 + line(width, seed + 9, 1.6))
    ground = step(-0.8, 0.8, y - rock[None]) * (y < hz + height * 0.02 + 5) * (np.abs(x - lx) < height * 0.5)
    image = over(image, ground, deep * 0.32)
    return np.asarray(image + glow(x, y, lx, hz - lh * 1.1, height * 0.05)[..., None] * LAMP * 0.8)


def shore(width: int, height: int, seed: int) -> Image.Image:
    """A beach from above, with its parasols."""
    x, y = grid(width, height)
    d = x / width * 0.95 - (y / height - 0.5) * 0.4 - 0.46 + (noise(height, width, seed, 2.6) - 0.5) * 0.26
    sand, wet, foam, shallow, mid, deep = colours("e8d3ad", "c9ab7e", "fdfdf8", "7fd0c4", "2a9aa6", "0d5170")
    image = ramp(step(-0.45, 0.02, d), [sand * 0.97, sand, wet])
    image = over(image, step(-0.005, 0.03, d), ramp(step(0, 0.5, d), [shallow, mid, deep, deep * 0.8]))
    ripple = noise(height, width, seed + 1, 1.3)
    for k, offset in enumerate((0.0, 0.07, 0.17)):
        edge = np.exp(-(((d - offset + (ripple - 0.5) * 0.03) / (0.012 + 0.004 * k)) ** 2))
        image = over(image, edge * (0.95 - 0.3 * k) * step(0.35 + 0.08 * k, 0.6, ripple), foam)
    image = image * (1 + (ripple - 0.5)[..., None] * 0.16)
    return finish(_parasols(image, x, y, seed), seed, vignette=0.12)


def _parasols(image: Array, x: Array, y: Array, seed: int) -> Array:
    height, width, _ = image.shape
    rng = np.random.default_rng(seed)
    cloths = colours("d9472b", "f2f0e6", "2f6f9f", "f0b23a")
    for _ in range(16):
        px, py = rng.uniform(0.03, 0.3) * width, rng.uniform(0.06, 0.94) * height
        cloth, r = cloths[rng.integers(4)], height * 0.016
        shade = step(r + 3, r - 3, np.hypot(x - px - r * 0.7, y - py - r * 0.7)) * 0.35
        image = over(image, shade, rgb(0.3, 0.22, 0.14))
        stripes = (np.sin(np.arctan2(y - py, x - px) * 4) > 0)[..., None]
        paint = np.where(stripes, cloth, rgb(0.95, 0.95, 0.95))
        image = over(image, step(r + 0.8, r - 0.8, np.hypot(x - px, y - py)), paint)
    return image
