"""A page of the SAPO server's API as a multiple of a trivial view, at two sizes of an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F
from django.test import override_settings

from benchmarks.asking import asking, seconds
from benchmarks.report import Line
from providers.sapo.protocol import PAGE_SIZE
from providers.sapo.server.auth.keys import new_uid
from providers.sapo.server.auth.people import NewAlbum, add_album, issue_token, open_account
from providers.sapo.server.models import Album, Audience, Image, ImageAlbum, Person

ROUNDS, CALLS = 15, 8
MOST, MOST_GROWTH = 15, 1.25
_NEWEST = datetime(2026, 8, 31, 20, tzinfo=UTC)
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Account:
    """`path` asks for the newest fifty photos of the album in which all of the person's lie."""

    person: Person
    photo_count: int
    path: str
    middle_path: str
    last_path: str


def account_with(photo_count: int) -> Account:
    name = f"served-{photo_count}"
    person = open_account(name, f"{name}@example.org", "a-long-password-1")
    album = add_album(person, NewAlbum(title="Everything"))
    for start in range(0, photo_count, _BATCH):
        _fill(album, range(start, min(start + _BATCH, photo_count)))
    counts = {"image_count": photo_count, "public_count": photo_count, "safe_count": photo_count}
    for model in (Person, Album):
        model._default_manager.filter(pk=(person if model is Person else album).pk).update(**counts)
    query = {
        "id": album.number, "json": "true", "ESBToken": issue_token(person),
        "ESBAccessKey": settings.SAPO_ACCESS_KEY,
    }  # fmt: skip
    path = f"/services/sapo/Photos/ImageGetListByUserAlbum?{urlencode(query)}"
    pages = -(-photo_count // PAGE_SIZE)
    return Account(person, photo_count, path, f"{path}&page={pages // 2}", f"{path}&page={pages}")


def _fill(album: Album, numbers: range) -> None:
    images = Image.objects.bulk_create(_photo(album.owner, number) for number in numbers)
    ImageAlbum.objects.bulk_create(
        ImageAlbum(image=image, album=album, audience=image.audience, created_at=image.created_at)
        for image in images
    )


def _photo(owner: Person, number: int) -> Image:
    return Image(
        uid=new_uid(),
        owner=owner,
        title=f"Photo {number}",
        title_key=f"photo {number}",
        synopse="Seen from the road.",
        tags="mar,sol,fim de tarde",
        is_pending=False,
        audience=Audience.EVERYBODY,
        visualizations=number % 977,
        created_at=_NEWEST - timedelta(minutes=47 * number),
        format="jpeg",
        media_type="image/jpeg",
        byte_size=2_000_000,
        width=4000,
        height=3000,
        ref_colour="0a141e",
        average_colour="28323c",
    )


def forget(account: Account) -> None:
    """Whatever was kept of this person's photos is for another version now."""
    Person.objects.filter(pk=account.person.pk).update(page_version=F("page_version") + 1)


@override_settings(ROOT_URLCONF="benchmarks.endpoints")
def measure(accounts: Sequence[Account]) -> list[Line]:
    """`accounts`: the small one and the large one, asked in turn."""
    ask = asking()
    trivial: list[float] = []
    times: dict[tuple[str, int], list[float]] = {}
    for _ in range(ROUNDS * CALLS):
        for account in accounts:
            trivial.append(seconds(ask, "/trivial/"))
            forget(account)
            times.setdefault(("uncached", account.photo_count), []).append(seconds(ask, account.path))
            ask(account.path)  # what was asked for twice is kept
            times.setdefault(("kept", account.photo_count), []).append(seconds(ask, account.path))
            times.setdefault(("middle page", account.photo_count), []).append(
                seconds(ask, account.middle_path)
            )
            times.setdefault(("last page", account.photo_count), []).append(seconds(ask, account.last_path))
    return _lines(accounts, median(trivial), {key: median(found) for key, found in times.items()})


def _lines(accounts: Sequence[Account], trivial: float, times: dict[tuple[str, int], float]) -> list[Line]:
    small, large = (account.photo_count for account in accounts)
    what = "ImageGetListByUserAlbum of 50, JSON"
    lines = [Line("trivial view, ms", trivial * 1000)]
    for kind in ("uncached", "kept"):
        lines += [
            Line.at_most(f"{what}, {kind}, {count:,} images, times the trivial view",
                         times[kind, count] / trivial, MOST)
            for count in (small, large)
        ]  # fmt: skip
    middle, last = (times[place, large] / trivial for place in ("middle page", "last page"))
    growth = times["uncached", large] / times["uncached", small]
    return [
        *lines,
        Line.at_most(f"{what}, {large:,} against {small:,}, times", growth, MOST_GROWTH),
        Line(f"{what}, middle page of {large:,}, times the trivial view", middle),
        Line.at_most(f"{what}, last page of {large:,}, times the trivial view", last, MOST),
    ]
