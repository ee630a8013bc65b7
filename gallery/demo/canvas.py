"""Brushes: arrays of floats in 0..1, shaped (height, width) or (height, width, 3)."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

# Single precision: the eye sees no difference, and painting takes half the time.
Array = npt.NDArray[np.floating[Any]]
Colour = Array  # three floats
Number = float | Array


def rgb(red: float, green: float, blue: float) -> Colour:
    return np.array([red, green, blue], dtype=np.float32)


def colours(*names: str) -> list[Colour]:
    """Hexadecimal names as colours."""
    return [rgb(*(int(name[i : i + 2], 16) / 255 for i in (0, 2, 4))) for name in names]


def colour(name: str) -> Colour:
    return colours(name)[0]


def noise(
    height: int, width: int, seed: int, beta: float = 2.0, squeeze_x: float = 1.0, squeeze_y: float = 1.0
) -> Array:
    """Periodic fractal noise; `beta` is its roughness exponent."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft2(rng.standard_normal((height, width), dtype=np.float32))
    fy = np.fft.fftfreq(height).astype(np.float32)[:, None] * squeeze_y
    fx = np.fft.rfftfreq(width).astype(np.float32)[None] * squeeze_x
    k = np.sqrt(fx**2 + fy**2)
    k[0, 0] = 1
    field = np.fft.irfft2(spectrum / k ** (beta / 2 + 0.5), s=(height, width))
    field -= field.mean()
    return np.asarray(np.clip(0.5 + field / (5 * field.std()), 0, 1))


def line(width: int, seed: int, beta: float = 2.0) -> Array:
    """A ridge, -0.5 to 0.5 along the width."""
    ridge: Array = noise(4, width, seed, beta)[0] - 0.5
    return ridge


def step(low: Number, high: Number, x: Number) -> Array:
    """A smooth step from 0 at `low` to 1 at `high`; falling when `high` is the smaller."""
    t = np.clip((np.asarray(x) - low) / (np.asarray(high) - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def ramp(t: Array, stops: list[Colour]) -> Array:
    """Colours along t through evenly spaced stops."""
    t = np.clip(t, 0, 1) * (len(stops) - 1)
    i = np.minimum(t.astype(int), len(stops) - 2)
    f = (t - i)[..., None]
    table = np.array(stops)
    return np.asarray(table[i] * (1 - f) + table[i + 1] * f)


def over(image: Array, mask: Array, paint: Array) -> Array:
    m = mask[..., None]
    return np.asarray(image * (1 - m) + paint * m)


def grid(width: int, height: int) -> tuple[Array, Array]:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return x, y


def plane(
    field: Array, x: Array, y: Array, horizon: float, centre: float, scale: float, depth: float
) -> Array:
    """A field laid on a plane that runs to the horizon."""
    d = np.maximum(np.abs(y - horizon), 1.2)
    height, width = field.shape
    u = ((x - centre) / d * scale * width).astype(int) % width
    v = (depth / d * height).astype(int) % height
    return np.asarray(field[v, u])


def blur(image: Array, radius: float) -> Array:
    picture = Image.fromarray((np.clip(image, 0, 1) * 255).astype(np.uint8))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(radius))).astype(np.float32) / 255


def blur_mask(mask: Array, radius: float) -> Array:
    return np.asarray(blur(np.repeat(mask[..., None], 3, 2), radius)[..., 0])


def glow(x: Array, y: Array, cx: float, cy: float, radius: float) -> Array:
    return np.asarray(np.exp(-(((x - cx) ** 2 + (y - cy) ** 2) / (2 * radius * radius))))


def finish(
    image: Array, seed: int, *, vignette: float = 0.22, grain: float = 0.012, warm: float = 0.0
) -> Image.Image:
    """What a lens and a film do at the end."""
    height, width, _ = image.shape
    x, y = grid(width, height)
    d = np.hypot((x - width / 2) / width, (y - height / 2) / height)
    image = np.clip(image * (1 - vignette * step(0.3, 0.8, d))[..., None], 0, 1)
    image = image * 0.82 + 0.18 * (image * image * (3 - 2 * image))
    image = image + np.random.default_rng(seed).standard_normal((height, width, 1), dtype=np.float32) * grain
    image = image + rgb(warm, 0, -warm)
    return Image.fromarray((np.clip(image, 0, 1) * 255).astype(np.uint8))


def bokeh(
    width: int,
    height: int,
    seed: int,
    base: list[Colour],
    lights: list[Colour],
    count: int,
    size: float,
    soft: float = 3.0,
) -> Array:
    """A background far out of focus."""
    rng = np.random.default_rng(seed)
    x, y = grid(width, height)
    image = ramp(noise(height, width, seed, 3.2), base)
    for _ in range(count):
        r = min(width, height) * size * rng.uniform(0.4, 1)
        cx, cy = rng.uniform(0, width), rng.uniform(0, height * 0.95)
        d = np.hypot(x - cx, y - cy)
        disc = step(r + soft, r - soft, d) * (0.22 + 0.3 * step(r * 0.6, r, d)) * rng.uniform(0.25, 1)
        image = image + disc[..., None] * lights[rng.integers(len(lights))] * 0.75
    return blur(image, soft)
