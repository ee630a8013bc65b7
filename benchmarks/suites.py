"""Which measurements there are. Each gets the size of the large library and returns its lines."""

from collections.abc import Callable

from benchmarks import listing, memory, pages, receiving, serving, syncing, thumbnails, trouble
from benchmarks.report import Line
from benchmarks.seeding import ZeroLatencyService, person_with_account

_SMALL = 2_000


def _sync(photo_count: int) -> list[Line]:
    return syncing.measure(photo_count)


def _pages(photo_count: int) -> list[Line]:
    accounts = []
    for count in (_SMALL, photo_count):
        account = person_with_account(f"library-{count}")
        syncing.synced(account, ZeroLatencyService(count))
        accounts.append(account)
    return pages.measure(accounts)


def _listing(photo_count: int) -> list[Line]:
    return listing.measure(photo_count)


def _serving(photo_count: int) -> list[Line]:
    return serving.measure([serving.account_with(count) for count in (_SMALL, photo_count)])


def _thumbnails(_photo_count: int) -> list[Line]:
    return thumbnails.measure()


def _memory(_photo_count: int) -> list[Line]:
    return memory.measure()


def _receiving(_photo_count: int) -> list[Line]:
    return receiving.measure()


def _trouble(_photo_count: int) -> list[Line]:
    return trouble.measure()


SUITES: dict[str, Callable[[int], list[Line]]] = {
    "sync": _sync,
    "pages": _pages,
    "listing": _listing,
    "serving": _serving,
    "thumbnails": _thumbnails,
    "memory": _memory,
    "receiving": _receiving,
    "trouble": _trouble,
}
