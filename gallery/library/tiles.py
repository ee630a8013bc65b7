"""How a photo's proportion and colour reach a page that allows no inline style.

Each photo carries two class names, worked out once when it is stored: `ratio_class` and
`colour_class`. static/css/tiles.css, printed by `sheet()`, gives every one of them its meaning.
"""

from dataclasses import dataclass
from math import exp, log
from textwrap import fill, indent

UNKNOWN_RATIO = "r-149"
# Beyond these proportions a tile crops: a panorama would be a thread, a long strip a column.
NARROWEST, WIDEST = 0.45, 2.8
STEPS_PER_E = 50  # steps of 2 %, so a tile crops at most 1 % of its photo
SHEET_COLUMNS = 118
LEVELS = (24, 68, 112, 156, 200, 240)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One photo of a grid, as strings that are ready to print (addresses are already signed)."""

    url: str
    src: str
    srcset: str
    alt: str
    name: str
    ratio_class: str
    colour_class: str
    width: int
    height: int


def _ratio_step(width: int, height: int) -> int:
    return round(STEPS_PER_E * log(min(max(width / height, NARROWEST), WIDEST)))


def _ratio_of(step: int) -> float:
    return exp(step / STEPS_PER_E)


def ratio_class(width: int | None, height: int | None) -> str:
    """The class of a photo of `width` by `height` pixels, "r-149" where a size is unknown."""
    if not width or not height:
        return UNKNOWN_RATIO
    return f"r-{round(100 * _ratio_of(_ratio_step(width, height)))}"


def colour_class(red: int, green: int, blue: int) -> str:
    """The class of an average colour (each part 0 to 255): the nearest of 216."""
    nearest = (min(range(6), key=lambda i: abs(LEVELS[i] - part)) for part in (red, green, blue))
    return "c-" + "".join(map(str, nearest))


def sheet() -> str:
    """The whole of tiles.css."""
    steps = range(_ratio_step(1, 100), _ratio_step(100, 1) + 1)
    ratios = [f".r-{round(100 * _ratio_of(step))}{{--r:{_ratio_of(step):.4g}}}" for step in steps]
    colours = [
        f".c-{r}{g}{b}{{--c:#{LEVELS[r]:02x}{LEVELS[g]:02x}{LEVELS[b]:02x}}}"
        for r in range(6)
        for g in range(6)
        for b in range(6)
    ]
    rules = fill(" ".join(ratios + colours), SHEET_COLUMNS, break_long_words=False, break_on_hyphens=False)
    return f"@layer utilities {{\n{indent(rules, '  ')}\n}}\n"


if __name__ == "__main__":
    print(sheet(), end="")  # noqa: T201
