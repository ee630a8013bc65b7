"""Lists that come in pages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list. `total` is the length of the whole list, None when not told."""

    items: tuple[T, ...]
    number: int
    page_count: int
    total: int | None = None


class Listing(Generic[T]):
    """A lazy list over pages: asks for page 1 at once needed, for the others while being read."""

    def __init__(self, ask: Callable[[int], Page[T]]) -> None:
        self._ask = ask
        self._first: Page[T] | None = None

    @property
    def total(self) -> int | None:
        """How many there are, known after the first page."""
        return self._first_page().total

    def page(self, number: int) -> Page[T]:
        """One page alone, counted from 1; one behind the last has no items."""
        return self._first_page() if number == 1 else self._ask(number)

    def _first_page(self) -> Page[T]:
        if self._first is None:
            self._first = self._ask(1)
        return self._first

    def __iter__(self) -> Iterator[T]:
        return self.since(0)

    def since(self, count: int) -> Iterator[T]:
        """The list from the page that holds its item number `count`, for who has read that many."""
        page = self._first_page()
        if page.items and (number := (count - 1) // len(page.items) + 1) > 1:
            page = self._ask(number)
        yield from page.items
        while page.number < page.page_count and page.items:
            page = self._ask(page.number + 1)
            yield from page.items


def converted(ask: Callable[[int], Page[A]], convert: Callable[[A], B]) -> Listing[B]:
    """The list of which `ask` brings the pages, each item converted as it is read."""

    def page_of(number: int) -> Page[B]:
        page = ask(number)
        items = tuple(convert(item) for item in page.items)
        return Page(items=items, number=page.number, page_count=page.page_count, total=page.total)

    return Listing(page_of)
