"""Streets by day, tiles, the city by night, stars over the hills."""

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
from gallery.demo.land import firs, sky

WHITE = rgb(0.97, 0.96, 0.93)


def city(width: int, height: int, seed: int, stops: list[Colour], tint: Colour) -> Image.Image:
    """A waterfront at night."""
    x, y = grid(width, height)
    hz = int(height * 0.66)
    image = ramp(y / hz, stops)
    rng = np.random.default_rng(seed)
    for depth in range(4):
        left = -10
        while left < width:
            wide = int(rng.uniform(0.03, 0.085) * width)
            _building(image, rng, left, wide, hz, depth, tint, stops[-1])
            left += wide + int(rng.uniform(0, 0.01) * width)
    wave = plane(noise(512, 512, seed, 1.2), x, y, hz - 2, width / 2, 0.3, height * 3)
    source = np.clip(2 * hz - y + (wave - 0.5) * height * 0.16, 0, hz - 1).astype(int)
    across = np.clip(x + (wave - 0.5) * width * 0.012, 0, width - 1).astype(int)
    water = blur(image, 1.2)[source, across] * 0.72 + tint * 0.3
    image = over(image, (y >= hz).astype(np.float32), water * (0.82 + 0.34 * wave[..., None]))
    image = image + blur(np.clip(image - 0.5, 0, 1), width / 90) * 1.5
    return finish(image, seed, vignette=0.3)


def _building(
    image: Array,
    rng: np.random.Generator,
    left: int,
    wide: int,
    hz: int,
    depth: int,
    tint: Colour,
    haze: Colour,
) -> None:
    height, width, _ = image.shape
    hump = 0.5 + 0.9 * np.exp(-(((left / width - 0.55) / 0.33) ** 2))
    top = hz - int(height * rng.uniform(0.06, 0.17) * (2.9 - 0.45 * depth) * hump)
    x0, x1 = max(left, 0), min(left + wide, width)
    if x1 <= x0:
        return
    image[top:hz, x0:x1] = tint * (1.0 - 0.22 * depth) + haze * (0.26 - 0.07 * depth)
    lamps = colours("ffd9a0", "ffb765", "fff0d0", "a8d4ff")
    size = max(4, width // 210)
    lit = rng.random((max((hz - top) // (size + 2), 1), max((x1 - x0) // (size + 1), 1)))
    for (j, i), value in np.ndenumerate(lit):
        yy, xx = top + 3 + j * (size + 2), x0 + 2 + i * (size + 1)
        if value > 0.52 + 0.05 * (3 - depth) and yy + size - 1 < hz and xx + size - 2 < x1:
            lamp = lamps[rng.choice(4, p=(0.45, 0.3, 0.15, 0.1))]
            image[yy : yy + size - 1, xx : xx + size - 2] = lamp * rng.uniform(0.4, 1)


def houses(width: int, height: int, seed: int) -> Image.Image:
    """Striped houses by the sea."""
    x, y = grid(width, height)
    rng = np.random.default_rng(seed)
    image = sky(
        width,
        height,
        height * 0.9,
        colours("2f7fc4", "6fb0de", "c4e0ee"),
        seed,
        cloud=rgb(1, 1, 1),
        amount=0.6,
    )
    ground = height * 0.86
    paints = colours("c93a2e", "1f6fa8", "2f8a56", "e0a526", "24446b", "d0642a")
    wide = width / 5
    for i in range(5):
        top = height * rng.uniform(0.3, 0.36)
        image = _house(image, x, y, i, wide, top, ground, paints[(i + seed) % 6])
    stone = noise(height, width, seed, 0.9)
    image = over(image, step(-1, 1, y - ground), ramp(stone, colours("a99f90", "d8d0c2")))
    sun = 0.72 + 0.4 * step(width, 0, x + (y - height * 0.5) * 0.8)
    return finish(image * sun[..., None] * (0.96 + 0.08 * stone[..., None]), seed, vignette=0.15, warm=0.02)


def _house(
    image: Array, x: Array, y: Array, i: int, wide: float, top: float, ground: float, paint: Colour
) -> Array:
    height = image.shape[0]
    x0 = i * wide
    roof = top - wide * 0.42 + np.abs(x - x0 - wide / 2) / (wide / 2) * wide * 0.42
    wall = (x >= x0 + 2) * (x < x0 + wide - 2) * (y > roof) * (y < ground)
    upright = ((x - x0) / wide * 11).astype(int) % 2 == 0
    level = (y / height * 34).astype(int) % 2 == 0
    stripes = upright if i % 2 == 0 else level
    image = np.where(wall[..., None], np.where(stripes[..., None], WHITE, paint), image)
    image = np.where((wall * (y < roof + height * 0.018))[..., None], WHITE * 0.98, image)
    for wx, wy, ww, hh in (
        (0.27, 0.44, 0.16, 0.12),
        (0.73, 0.44, 0.16, 0.12),
        (0.27, 0.68, 0.16, 0.13),
        (0.72, 0.72, 0.2, 0.28),
    ):
        across = np.abs(x - (x0 + wx * wide))
        d = np.maximum(across / (ww * wide / 2), np.abs(y - wy * height) / (hh * height / 2))
        here = (y < ground) * 1.0
        image = over(image, (d < 1.22) * here, WHITE)
        fall = np.clip((y - (wy - hh / 2) * height) / (hh * height), 0, 1)
        pane = ramp(fall, colours("2d4357", "6d8ea5")) if wy < 0.7 else paint * 0.8
        image = over(image, (d < 1) * here, pane)
        image = over(image, (across < 1.3) * (d < 1) * here, WHITE)
    return image


def tiles(width: int, height: int, seed: int) -> Image.Image:
    """A wall of azulejos."""
    x, y = grid(width, height)
    s = width / 4
    u, v = np.abs((x % s) / s - 0.5) * 2, np.abs((y % s) / s - 0.5) * 2
    a, b = np.maximum(u, v), np.minimum(u, v)
    r, angle = np.hypot(u, v), np.arctan2(b, a)
    f = np.sin(r * 9 + np.cos(angle * 8) * (1 + seed % 5 / 5)) + np.cos(a * 7 - b * 5) * 0.8
    corner = np.hypot(1 - u, 1 - v)
    white, blue, pale, gold = colours("f1efe6", "1d4e94", "7fa6d2", "d9a637")
    wear = noise(height, width, seed, 1.5)
    image = ramp(wear, [white * 0.95, white])
    marks = (
        (step(0.1, 0.3, f), pale),
        (step(0.75, 0.95, f), blue),
        (step(0.36, 0.33, corner), blue),
        (step(0.26, 0.23, corner), gold),
        (step(0.13, 0.1, corner), blue * 0.8),
        (step(0.2, 0.17, r), gold),
    )
    for mask, paint in marks:
        image = over(image, mask, paint)
    down = int(4 * height / width) + 2
    shade = noise(down, 5, seed + 1, 0.5)[(y // s).astype(int) % down, (x // s).astype(int) % 5]
    image = image * (0.86 + 0.2 * shade[..., None]) * (0.93 + 0.14 * wear[..., None])
    gap = np.minimum(np.minimum(x % s, s - x % s), np.minimum(y % s, s - y % s))
    image = over(image, step(2.2, 1.0, gap), rgb(0.55, 0.52, 0.46))
    sheen = glow(x, y, width * 0.25, height * 0.2, width * 0.4)
    return finish(image * (0.8 + 0.3 * sheen[..., None]), seed, vignette=0.25, warm=0.015)


def stars(width: int, height: int, seed: int) -> Image.Image:
    """The Milky Way over the pines."""
    x, y = grid(width, height)
    rng = np.random.default_rng(seed)
    image = ramp(y / height, colours("060a1c", "0e1b3b", "27406b", "7d6b7f", "d79a6c"))
    band = np.exp(-(((x / width - 0.2 - (1 - y / height) * 0.55) / 0.16) ** 2))
    milk = band * step(0.35, 0.85, noise(height, width, seed, 2.2)) * 0.42 * step(0.85, 0.2, y / height)
    image = image + milk[..., None] * rgb(0.75, 0.72, 0.95)
    for _ in range(900):
        cx, cy = int(rng.uniform(1, width - 2)), int(rng.uniform(1, height * 0.7))
        brightness = rng.random() ** 5 + 0.12
        image[cy, cx] += brightness
        if brightness > 0.6:
            image[cy - 1 : cy + 2, cx - 1 : cx + 2] += 0.22
    for i, shade in enumerate(colours("1c2440", "10162b", "060810")):
        profile = height * (0.74 + 0.09 * i) - line(width, seed + i, 2.4) * height * 0.26
        if i == 2:
            profile = firs(profile, width, height, seed, 40, 0.13)
        image = over(image, step(-0.8, 0.8, y - profile[None]), shade)
    return finish(image, seed, vignette=0.3)
