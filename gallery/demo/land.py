"""Sky, mountains, fields and dunes."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from gallery.demo.canvas import (
    Array,
    Colour,
    blur_mask,
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

WHITE_SUN = rgb(1, 0.98, 0.88)


@dataclass(frozen=True, kw_only=True)
class Light:
    """The sun: place and radius in parts of the picture's width and height, and what it warms."""

    x: float
    y: float
    radius: float
    warmth: Colour


def sky(
    width: int,
    height: int,
    horizon: float,
    stops: list[Colour],
    seed: int,
    *,
    cloud: Colour | None = None,
    amount: float = 0.5,
    light: Light | None = None,
) -> Array:
    x, y = grid(width, height)
    image = ramp(y / max(horizon, 1), stops)
    if cloud is not None:
        shape = plane(
            noise(512, 512, seed, 2.1), x, y, horizon + height * 0.06, width / 2, 0.5, height * 0.12
        )
        shape = blur_mask(shape, width / 260)
        fade = step(0, horizon * 0.95, horizon - y + horizon * 0.25)
        image = over(image, step(0.5, 0.82, shape) * amount * fade, cloud)
    if light is not None:
        sx, sy, r = light.x * width, light.y * height, light.radius * width
        image = image + glow(x, y, sx, sy, r * 6)[..., None] * light.warmth * 0.45
        image = image + glow(x, y, sx, sy, r * 2)[..., None] * light.warmth * 0.5
        image = over(image, step(r + 1.5, r - 1.5, np.hypot(x - sx, y - sy)), WHITE_SUN)
    return image


def firs(profile: Array, width: int, height: int, seed: int, count: int, tall: float) -> Array:
    """A ridge with trees on it."""
    rng = np.random.default_rng(seed)
    xs = np.arange(width, dtype=np.float32)
    ridge = profile.copy()
    for cx in rng.uniform(-10, width + 10, count):
        size = height * tall * rng.uniform(0.45, 1)
        half = size * rng.uniform(0.17, 0.25)
        dx = np.abs(xs - cx)
        saw = 1 - 0.16 * ((dx / half * 6) % 1)
        base = profile[int(np.clip(cx, 0, width - 1))]
        tip = base - size * (1 - dx / half * saw) + 2
        ridge = np.where(dx < half, np.minimum(ridge, tip), ridge)
    return np.asarray(ridge)


def mountains(
    width: int,
    height: int,
    seed: int,
    stops: list[Colour],
    far: Colour,
    near: Colour,
    mist: Colour,
    *,
    light: Light | None = None,
    layers: int = 6,
    top: float = 0.34,
    trees: int = 0,
    beta: float = 2.3,
) -> Image.Image:
    _, y = grid(width, height)
    image = sky(width, height, height * 0.62, stops, seed, cloud=mist, amount=0.35, light=light)
    texture = noise(height, width, seed + 50, 1.7)
    for i in range(layers):
        t = i / (layers - 1)
        base = height * (top + (1.02 - top) * t**0.9 * 0.9)
        profile = base - line(width, seed + i, beta) * height * (0.46 - 0.26 * t)
        if trees and i >= layers - 2:
            is_far = i == layers - 2
            profile = firs(
                profile, width, height, seed + 90 + i, trees * (1 + is_far), 0.1 if is_far else 0.2
            )
        mask = step(-0.8, 0.8, y - profile[None])
        body = (far * (1 - t) + near * t) * (1 + (texture - 0.5)[..., None] * (0.25 + 0.55 * t))
        haze = step(0, height * 0.26, y - profile[None]) * (0.75 - 0.62 * t)
        image = over(image, mask, body * (1 - haze[..., None]) + mist * haze[..., None])
    return finish(image, seed)


def rows(
    width: int,
    height: int,
    seed: int,
    stops: list[Colour],
    row: Colour,
    gap: Colour,
    hill: Colour,
    light: Light,
) -> Image.Image:
    """Vines or lavender, row by row to the hills."""
    x, y = grid(width, height)
    horizon = height * 0.42
    image = sky(width, height, horizon, stops, seed, cloud=rgb(1, 0.95, 0.9), amount=0.6, light=light)
    for i in range(3):
        profile = horizon - height * (0.07 - 0.03 * i) - line(width, seed + i, 2.6) * height * 0.12
        tint = hill * (1.15 - 0.25 * i) + light.warmth * (0.2 - 0.07 * i)
        image = over(image, step(-1, 1, y - profile[None]), tint)
    d = np.maximum(y - horizon, 1)
    wobble = (noise(height, width, seed + 5, 1.2) - 0.5) * 1.6 * np.clip(d / height, 0, 1)
    stripe = 0.5 + 0.5 * np.sin((x - width * 0.46) / d * 11 + wobble)
    body = ramp(step(0.25, 0.8, stripe), [gap, row * 0.55, row])
    body = body * (0.75 + 0.5 * noise(height, width, seed + 6, 0.7)[..., None])
    body = body + light.warmth * (0.1 * np.exp(-d / (height * 0.1)))[..., None]
    return finish(over(image, step(-1, 1, y - horizon), body), seed)


def dunes(
    width: int, height: int, seed: int, stops: list[Colour], light: Colour, dark: Colour
) -> Image.Image:
    _, y = grid(width, height)
    image = ramp(y / height / 0.6, stops)
    for i in range(5):
        t = i / 4
        profile = height * (0.36 + 0.5 * t) - line(width, seed + i * 3, 4.2) * height * (0.34 - 0.1 * t)
        crest = np.gradient(profile) * 2.2
        mask = step(-0.8, 0.8, y - profile[None])
        side = step(-0.5, 0.5, crest)[None] * np.exp(-(y - profile[None]) / (height * 0.2))
        ripple = np.sin(y * 0.55 + noise(height, width, seed + i, 2.8) * height * 0.5) * 0.025 * (0.3 + t)
        body = light * (1 - 0.1 * t) * (1 - side[..., None]) + dark * side[..., None]
        image = over(image, mask, body * (1 + ripple[..., None]))
    return finish(image, seed)
