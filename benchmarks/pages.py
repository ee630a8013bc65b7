"""How long pages take, as a multiple of a trivial view of the same process, at two sizes of library."""

from collections.abc import Sequence
from statistics import median

from django.db.models import F
from django.test import override_settings

from benchmarks.asking import Ask, seconds, signed_in
from benchmarks.report import Line
from gallery.accounts.models import LinkedAccount
from gallery.library.models import Album, Photo, Timeline

ROUNDS, CALLS = 15, 8
MOST_UNCACHED, MOST_CACHED, MOST_GROWTH, MOST_BYTES = 20, 6, 1.25, 60_000


def paths_of(account: LinkedAccount) -> dict[str, str]:
    album = Album.objects.filter(account=account).order_by("pk").first()
    assert album is not None
    return {"home": "/", "album": f"/albums/{album.pk}/", "tag": "/tags/all/"}


def forget(account: LinkedAccount) -> None:
    """Whatever was cached of this person's pages is for another version now."""
    Timeline.objects.filter(pk=account.user_id).update(version=F("version") + 1)


@override_settings(ROOT_URLCONF="benchmarks.endpoints")
def measure(accounts: Sequence[LinkedAccount]) -> list[Line]:
    """`accounts`: of the small library and of the large one. Everything is asked in turn, so that
    whatever else the machine does meets all of it."""
    asks = [signed_in(account.user) for account in accounts]
    trivial: list[float] = []
    times: dict[tuple[str, int, str], list[float]] = {}
    for _ in range(ROUNDS):
        for which, (account, ask) in enumerate(zip(accounts, asks, strict=True)):
            for name, path in paths_of(account).items():
                for _ in range(CALLS):
                    trivial.append(seconds(ask, "/trivial/"))
                    forget(account)
                    times.setdefault((name, which, "uncached"), []).append(seconds(ask, path))
                    times.setdefault((name, which, "cached"), []).append(seconds(ask, path))
    return _lines(accounts, asks, median(trivial), {key: median(found) for key, found in times.items()})


def _lines(
    accounts: Sequence[LinkedAccount],
    asks: Sequence[Ask],
    trivial: float,
    times: dict[tuple[str, int, str], float],
) -> list[Line]:
    counts = [Timeline.objects.get(pk=account.user_id).photo_count for account in accounts]
    lines = [Line("trivial view, ms", trivial * 1000)]
    for name in paths_of(accounts[-1]):
        for kind, most in (("uncached", MOST_UNCACHED), ("cached", MOST_CACHED)):
            for which, count in enumerate(counts):
                ratio = times[name, which, kind] / trivial
                lines.append(
                    Line.at_most(f"{name}, {kind}, {count:,} photos, times the trivial view", ratio, most)
                )
        growth = times[name, 1, "uncached"] / times[name, 0, "uncached"]
        lines.append(Line.at_most(f"{name}, {counts[1]:,} against {counts[0]:,}, times", growth, MOST_GROWTH))
    return lines + _sizes(accounts[-1], asks[-1])


def _sizes(account: LinkedAccount, ask: Ask) -> list[Line]:
    photo = Photo.objects.filter(account=account).latest("taken_at")
    paths = paths_of(account) | {"photo": f"/photos/{photo.pk}/"}
    return [
        Line.at_most(f"{name}, bytes of HTML", len(ask(path).content), MOST_BYTES)
        for name, path in paths.items()
    ]
