"""What is painted: kinds of pictures with their words, and a new one for every seed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image

from gallery.demo.canvas import Colour, colour, colours
from gallery.demo.flora import flower, oranges
from gallery.demo.land import Light, dunes, mountains, rows
from gallery.demo.people import person
from gallery.demo.town import city, houses, stars, tiles
from gallery.demo.water import sea, shore

Painter = Callable[[int, int, int], Image.Image]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """`titles` are in the three languages, mixed as people write them; `shape` is width by height."""

    paint: Painter
    titles: tuple[str, ...]
    tags: tuple[str, ...]
    shape: tuple[int, int] = (900, 600)


def _light(x: float, y: float, radius: float, warmth: str) -> Light:
    return Light(x=x, y=y, radius=radius, warmth=colour(warmth))


def _sea(sky: str, deep: str, cloud: str, light: Light, **more: Any) -> Painter:
    def paint(width: int, height: int, seed: int) -> Image.Image:
        return sea(width, height, seed, colours(*sky.split()), colour(deep), colour(cloud), light, **more)

    return paint


def _hills(sky: str, far: str, near: str, mist: str, **more: Any) -> Painter:
    def paint(width: int, height: int, seed: int) -> Image.Image:
        return mountains(
            width, height, seed, colours(*sky.split()), colour(far), colour(near), colour(mist), **more
        )

    return paint


def _rows(sky: str, row: str, gap: str, hill: str, light: Light) -> Painter:
    def paint(width: int, height: int, seed: int) -> Image.Image:
        return rows(width, height, seed, colours(*sky.split()), colour(row), colour(gap), colour(hill), light)

    return paint


def _dunes(sky: str, light: str, dark: str) -> Painter:
    def paint(width: int, height: int, seed: int) -> Image.Image:
        return dunes(width, height, seed, colours(*sky.split()), colour(light), colour(dark))

    return paint


def _city(sky: str, tint: str) -> Painter:
    def paint(width: int, height: int, seed: int) -> Image.Image:
        return city(width, height, seed, colours(*sky.split()), colour(tint))

    return paint


def _person(base: str, lights: str, four: str, *, has_long_hair: bool = True) -> Painter:
    def paint(width: int, height: int, seed: int) -> Image.Image:
        skin, hair, cloth, rim = colours(*four.split())
        return person(
            width, height, seed, colours(*base.split()), colours(*lights.split()), skin, hair, cloth, rim,
            has_long_hair=has_long_hair,
        )  # fmt: skip

    return paint


def _flower(petals: str, heart: str, base: str, lights: str, size: float) -> Painter:
    def paint(width: int, height: int, seed: int) -> Image.Image:
        place = (0.42 + seed % 7 * 0.03, 0.44 + seed % 5 * 0.02)
        palette: list[Colour] = colours(*petals.split())
        return flower(
            width, height, seed, palette, colour(heart), colours(*base.split()), colours(*lights.split()),
            place=place, size=size,
        )  # fmt: skip

    return paint


SCENES: dict[str, Scene] = {
    "orchard": Scene(
        paint=oranges,
        titles=(
            "Oranges in the old orchard",
            "Laranjas no pomar velho",
            "Les oranges de février",
            "First of the season",
        ),
        tags=("orchard", "laranjas", "garden"),
    ),
    "sunset": Scene(
        paint=_sea(
            "25345c 6b5a86 d9826b ffc078 ffe3a6",
            "1b2440",
            "e07a5f",
            _light(0.63, 0.5, 0.016, "ffab5e"),
            horizon=0.56,
        ),
        titles=("Sunset at Foz", "Pôr do sol na Foz", "Coucher de soleil", "The last ferry"),
        tags=("sea", "sunset", "mar", "Porto"),
        shape=(1200, 675),
    ),
    "serra": Scene(
        paint=_hills(
            "4d86bd 9dc3de f1e6d2",
            "8fa9bd",
            "1d3326",
            "e6e4dc",
            light=_light(0.73, 0.23, 0.018, "fff0c8"),
            trees=46,
        ),
        titles=("Serra da Estrela, morning", "Manhã na serra", "Sur la crête", "Above the tree line"),
        tags=("mountains", "serra", "hiking"),
    ),
    "dawn": Scene(
        paint=_hills(
            "4a4a7e c07f93 ffc79a ffe7c2",
            "b58fa3",
            "2b2340",
            "ffd3b0",
            light=_light(0.33, 0.42, 0.02, "ffb27d"),
            layers=7,
        ),
        titles=("First light over Gerês", "Madrugada no Gerês", "L'aube", "Up before the birds"),
        tags=("mountains", "dawn", "Gerês"),
    ),
    "fog": Scene(
        paint=_hills("aab4b6 c6cdcc dfe2de", "a9b4b3", "16251f", "dde1dd", trees=34, top=0.3),
        titles=("Fog in the firs", "Nevoeiro nos pinheiros", "Brume", "Nobody on the path"),
        tags=("fog", "forest", "mountains"),
        shape=(600, 800),
    ),
    "snow": Scene(
        paint=_hills("3b3b3d 77787a b9babb", "e8e8e8", "3a3a3c", "f2f2f2", layers=5, beta=2.0),
        titles=("Snow line, black and white", "A neve, a preto e branco", "Neige", "Minus eleven"),
        tags=("snow", "mountains", "black and white"),
        shape=(960, 540),
    ),
    "algarve": Scene(
        paint=_sea(
            "1f74b8 5fabd9 c8e5ee",
            "0b5a72",
            "ffffff",
            _light(0.26, 0.14, 0.015, "fff6dc"),
            horizon=0.5,
            amount=0.8,
            chop=0.7,
        ),
        titles=("Noon off Sagres", "Meio-dia em Sagres", "Midi au large", "Wind force five"),
        tags=("sea", "mar", "Algarve", "summer"),
    ),
    "lighthouse": Scene(
        paint=_sea(
            "1a2148 53477e b5647e f0a27c",
            "141a33",
            "8a5a80",
            _light(0.25, 0.59, 0.013, "ff9d76"),
            horizon=0.64,
            amount=0.5,
            lighthouse=(0.68, 0.26),
        ),
        titles=("The lighthouse at dusk", "O farol ao anoitecer", "Phare au soir", "Light number nine"),
        tags=("sea", "lighthouse", "farol"),
        shape=(600, 800),
    ),
    "storm": Scene(
        paint=_sea(
            "2c3640 56636c a8b0ae d8d6c6",
            "1c2c33",
            "3a444c",
            _light(0.64, 0.49, 0.006, "d8d3b8"),
            horizon=0.54,
            amount=0.8,
            chop=0.8,
        ),
        titles=("Storm clearing, Nazaré", "A tempestade passa", "Après l'orage", "Gone in ten minutes"),
        tags=("sea", "storm", "Nazaré"),
        shape=(1160, 500),
    ),
    "beach": Scene(
        paint=shore,
        titles=("Praia do Norte from above", "A praia vista de cima", "Les parasols", "Low tide"),
        tags=("beach", "praia", "summer"),
        shape=(760, 760),
    ),
    "vineyard": Scene(
        paint=_rows(
            "5b8fc0 b9cfdb ffe2b0", "5f8a2e", "8a5a35", "3f5a44", _light(0.79, 0.28, 0.021, "ffcf8a")
        ),
        titles=("Vineyard rows, Douro", "Vinhas do Douro", "Rangs de vigne", "Two weeks to harvest"),
        tags=("Douro", "vinha", "harvest"),
    ),
    "lavender": Scene(
        paint=_rows(
            "7a79b8 e0a0a8 ffd9a8", "7b56b4", "4d5a3a", "4b4670", _light(0.27, 0.33, 0.022, "ffb58a")
        ),
        titles=("Lavender near Valensole", "Alfazema", "Lavande à Valensole", "You can smell this one"),
        tags=("Provence", "lavande", "summer"),
    ),
    "dunes": Scene(
        paint=_dunes("6aa3cf cfdedd f2dfc0", "e6b983", "8a5630"),
        titles=("Dunes of São Jacinto", "Dunas de São Jacinto", "La grande dune", "Footprints gone by noon"),
        tags=("dunes", "beach", "sand"),
    ),
    "desert": Scene(
        paint=_dunes("2d2b55 9a5b76 f0a074 ffd3a0", "d98a56", "5a2c36"),
        titles=("Erg Chebbi at sundown", "Erg Chebbi ao fim do dia", "Le désert", "Camp two"),
        tags=("Morocco", "desert", "sand"),
        shape=(600, 900),
    ),
    "night": Scene(
        paint=_city("0a1026 1b2450 53406e b5647a", "0c1022"),
        titles=("City lights from the bridge", "Luzes da ponte", "La ville, minuit", "Last tram"),
        tags=("city", "night", "noite"),
    ),
    "quay": Scene(
        paint=_city("12264a 2f5480 8a8fa8 f0b48a", "141a2c"),
        titles=("The quay before sunrise", "O cais antes do sol", "Le quai", "Ribeira, nobody yet"),
        tags=("city", "Porto", "dawn"),
        shape=(960, 540),
    ),
    "ana": Scene(
        paint=_person("3a2418 8a5230 d99a58 ffdfa0", "ffd890 ffb860 fff0c0", "d9a07a 3a2016 e8dcc8 ffdca0"),
        titles=("Ana, golden hour", "A Ana ao fim da tarde", "Ana", "Waiting for the others"),
        tags=("Ana", "family", "portrait"),
        shape=(600, 800),
    ),
    "rui": Scene(
        paint=_person(
            "10202a 24485a 4f8090 a8c8c8",
            "bfe8f0 8fd0e0 ffe0b0",
            "a8714e 17110f 2f5d7c cfeaf0",
            has_long_hair=False,
        ),
        titles=("Rui at the aquarium", "O Rui no oceanário", "Rui et les raies", "An hour at one tank"),
        tags=("Rui", "family", "portrait"),
        shape=(600, 750),
    ),
    "marta": Scene(
        paint=_person("2a1030 6a2858 c0507a ffb0a0", "ff9ac0 ffd0a0 c0a0ff", "c98d6c 5a2a1a d0452f ffc0d0"),
        titles=("Marta at the festival", "A Marta na festa", "Marta", "Second encore"),
        tags=("Marta", "friends", "music"),
        shape=(800, 640),
    ),
    "costanova": Scene(
        paint=houses,
        titles=("Striped houses, Costa Nova", "Costa Nova", "Maisons rayées", "Which one is ours"),
        tags=("Costa Nova", "houses", "summer"),
    ),
    "azulejo": Scene(
        paint=tiles,
        titles=("Tiles, Rua das Flores", "Azulejos", "Carreaux bleus", "Number 212"),
        tags=("azulejos", "city", "blue"),
        shape=(720, 720),
    ),
    "stars": Scene(
        paint=stars,
        titles=("Milky Way over the pines", "Via Láctea", "La Voie lactée", "Thirty seconds, wide open"),
        tags=("night", "stars", "estrelas"),
        shape=(600, 840),
    ),
    "poppy": Scene(
        paint=_flower("b0160c e0341c ff7a4a", "20160f", "16301a 35602a 6a9440 c8d88a", "fff0b0 d0e890", 0.4),
        titles=("Poppy in the garden", "Papoila", "Coquelicot", "It came by itself"),
        tags=("garden", "flowers", "red"),
        shape=(680, 850),
    ),
    "magnolia": Scene(
        paint=_flower("b04a86 e9a6c6 fdeaf0", "c8a03a", "20303f 45607a 8aa6b8 d8e2e0", "ffffff ffe0ea", 0.42),
        titles=("Magnolia after rain", "Magnólia", "Magnolia après la pluie", "Three days a year"),
        tags=("garden", "flowers", "spring"),
    ),
}
