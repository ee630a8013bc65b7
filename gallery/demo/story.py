"""The story around the pictures: albums, collections, dates, words. The same on every machine."""

import random
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

from gallery.demo.scenes import SCENES


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """An album: when it was, what is in it, how many pictures."""

    title: str
    description: str
    begins: datetime
    days: int
    scenes: tuple[str, ...]
    photo_count: int
    collection: str = ""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture of the library; `variant` says what is done to the painting."""

    file: str
    scene: str
    seed: int
    variant: str
    size: float
    kind: str
    title: str
    description: str
    tags: tuple[str, ...]
    album: str
    taken_at: str
    comments: tuple[dict[str, str], ...] = field(default=())

    def entry(self) -> dict[str, object]:
        """What the manifest says of it."""
        hidden = {"scene", "seed", "variant", "size", "kind"}
        return {name: value for name, value in asdict(self).items() if name not in hidden}


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, tzinfo=UTC)


_HOME = (
    Chapter(title="O pomar", description="As laranjeiras do avô, ano após ano.", begins=_at(2026, 2, 8), days=200,
            scenes=("orchard", "magnolia", "poppy"), photo_count=18, collection="Em casa"),
    Chapter(title="Verão na Costa Nova", description="Três semanas, sempre a mesma casa às riscas.", begins=_at(2026, 8, 2), days=20,
            scenes=("costanova", "beach", "dunes", "algarve", "sunset"), photo_count=26, collection="Mar"),
    Chapter(title="Porto à noite", description="", begins=_at(2026, 5, 14), days=12,
            scenes=("night", "quay", "azulejo"), photo_count=15, collection="Cidades"),
    Chapter(title="Gerês", description="A pé, de cabana em cabana.", begins=_at(2025, 10, 3), days=6,
            scenes=("dawn", "serra", "fog", "stars"), photo_count=20, collection="Viagens"),
    Chapter(title="Douro, antes da vindima", description="Duas semanas para a vindima.", begins=_at(2025, 8, 30), days=8,
            scenes=("vineyard", "serra", "quay"), photo_count=14, collection="Viagens"),
    Chapter(title="Gente", description="Sempre de costas: nenhum deles gosta de fotografias.", begins=_at(2024, 6, 1), days=700,
            scenes=("ana", "rui", "marta"), photo_count=15, collection="Em casa"),
    Chapter(title="Nazaré", description="O dia em que quase não voltámos a pé.", begins=_at(2024, 11, 9), days=2,
            scenes=("storm", "lighthouse", "sunset"), photo_count=12, collection="Mar"),
    Chapter(title="", description="", begins=_at(2023, 3, 4), days=900,
            scenes=("poppy", "azulejo", "fog", "ana", "sunset"), photo_count=10),
)  # fmt: skip
# Somebody else, for the demo's person to come upon.
_NEIGHBOUR = (
    Chapter(title="Aveiro aos quadradinhos", description="Um azulejo por dia, a caminho do trabalho.", begins=_at(2026, 3, 9),
            days=60, scenes=("azulejo", "quay"), photo_count=12, collection="Perto"),
    Chapter(title="Serra da Estrela", description="Neve até à porta.", begins=_at(2026, 1, 24), days=4,
            scenes=("snow", "stars", "serra"), photo_count=12, collection="Longe"),
    Chapter(title="Farol do Cabo", description="", begins=_at(2025, 9, 13), days=2,
            scenes=("lighthouse", "beach"), photo_count=8, collection="Longe"),
)  # fmt: skip
_TRAVELS = (
    Chapter(title="Provence", description="", begins=_at(2026, 7, 4), days=9,
            scenes=("lavender", "dunes", "stars", "magnolia"), photo_count=22),
    Chapter(title="Winter, black and white", description="", begins=_at(2026, 1, 10), days=14,
            scenes=("snow", "fog", "serra"), photo_count=18),
    Chapter(title="Maroc, de Merzouga à la mer", description="", begins=_at(2025, 4, 18), days=10,
            scenes=("desert", "stars", "algarve", "marta"), photo_count=20),
    Chapter(title="Phares", description="", begins=_at(2024, 9, 1), days=300,
            scenes=("lighthouse", "storm", "sunset"), photo_count=16),
    Chapter(title="Garden diary", description="", begins=_at(2025, 3, 1), days=120,
            scenes=("poppy", "magnolia", "orchard"), photo_count=16),
    Chapter(title="", description="", begins=_at(2022, 5, 20), days=1200,
            scenes=("quay", "beach", "vineyard", "rui"), photo_count=12),
)  # fmt: skip

# By name, as services ask for them (providers/demo.py).
STORIES = {"home": _HOME, "travels": _TRAVELS, "neighbour": _NEIGHBOUR}

_WORDS = (
    "", "", "Um dos dias em que se volta tarde.", "Taken from the same spot as last year.",
    "Le vent venait de tourner.", "A luz durou dez minutos.", "Nobody believed the colours.",
    "On y retourne l'an prochain.",
)  # fmt: skip
_COMMENTS = (
    ("rita", "Que luz."), ("joao", "Onde é isto?"), ("claire", "On dirait un tableau."),
    ("sam", "Print this one."), ("avo", "A laranjeira da direita fui eu que a plantei."),
)  # fmt: skip
_VARIANTS = ("", "mirror", "crop", "mono", "warm", "cool")
_PAINTINGS_PER_SCENE = 2


def shots(chapters: tuple[Chapter, ...], seed: int) -> list[Shot]:
    """The pictures of all chapters in the order in which they were taken."""
    dice = random.Random(seed)  # noqa: S311 (a story, not a secret)
    found = []
    for number, chapter in enumerate(chapters):
        for place in range(chapter.photo_count):
            found.append(_shot(dice, chapter, number, place))
    return sorted(found, key=lambda shot: shot.taken_at)


def _shot(dice: random.Random, chapter: Chapter, number: int, place: int) -> Shot:
    scene = chapter.scenes[place % len(chapter.scenes)]
    when = chapter.begins + timedelta(
        days=chapter.days * place / chapter.photo_count,
        hours=dice.uniform(-2, 10),
        seconds=dice.randrange(60),
    )
    title = dice.choice(SCENES[scene].titles) if place % 6 != 5 else ""
    kind = ("png" if dice.random() < 0.3 else "jpg") if SCENES[scene].shape[0] <= 720 else "jpg"
    kind = "gif" if number == 2 and place == 3 else "bmp" if number == 3 and place == 5 else kind
    return Shot(
        file=f"{number:02}-{scene}-{place:03}.{kind}",
        scene=scene,
        seed=100 * number + 7 * (place % (_PAINTINGS_PER_SCENE * len(chapter.scenes))),
        variant="mono"
        if "black and white" in chapter.title
        else _VARIANTS[(place // len(chapter.scenes)) % 6],
        size=1.7 if place == 0 else 1.0,
        kind=kind,
        title=title,
        description=dice.choice(_WORDS) if title else "",
        tags=tuple(dice.sample(SCENES[scene].tags, k=dice.randint(1, len(SCENES[scene].tags)))),
        album=chapter.title,
        taken_at=when.replace(microsecond=0).isoformat(),
        comments=tuple(
            {"author": author, "body": body}
            for author, body in dice.sample(_COMMENTS, k=max(0, dice.randint(-4, 2)))
        ),
    )


def manifest(chapters: tuple[Chapter, ...], taken: list[Shot]) -> dict[str, object]:
    """`library.json`, as the servers' import commands read it (docs/adding-a-provider.md)."""
    named = [chapter for chapter in chapters if chapter.title]
    collections: dict[str, list[str]] = {}
    for chapter in named:
        if chapter.collection:
            collections.setdefault(chapter.collection, []).append(chapter.title)
    return {
        "albums": [
            {
                "title": chapter.title,
                "description": chapter.description,
                "created_at": chapter.begins.isoformat(),
            }
            for chapter in named
        ],
        "collections": [{"title": title, "albums": albums} for title, albums in collections.items()],
        "photos": [shot.entry() for shot in taken],
        "highlights": {
            "albums": [chapter.title for chapter in named[:4]],
            "tags": ["mar", "orchard", "serra"],
        },
    }
