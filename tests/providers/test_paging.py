"""Lists that come in pages: what is asked for, and when."""

import pytest

from providers.contract.paging import Listing, Page, converted

SIZE = 50


class NumberPages:
    """Numbers in pages of fifty; `pages` are the pages that were asked for."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.pages: list[int] = []

    def __call__(self, number: int) -> Page[int]:
        self.pages.append(number)
        first = (number - 1) * SIZE
        items = tuple(range(first, min(first + SIZE, self.total)))
        return Page(items=items, number=number, page_count=-(-self.total // SIZE), total=self.total)


def test_list_is_read_page_by_page_and_each_page_once() -> None:
    numbers_in_pages = NumberPages(120)
    listing = Listing(numbers_in_pages)
    assert numbers_in_pages.pages == []
    assert listing.total == 120 and numbers_in_pages.pages == [1]
    numbers = iter(listing)
    assert [next(numbers) for _ in range(SIZE)] == list(range(SIZE)) and numbers_in_pages.pages == [1]
    assert list(numbers) == list(range(SIZE, 120)) and numbers_in_pages.pages == [1, 2, 3]


@pytest.mark.parametrize(
    ("count", "pages", "first"),
    [(0, [1, 2, 3], 0), (1, [1, 2, 3], 0), (50, [1, 2, 3], 0), (51, [1, 2, 3], 50), (120, [1, 3], 100)],
)
def test_who_has_read_some_goes_on_at_the_page_of_the_last(count: int, pages: list[int], first: int) -> None:
    numbers_in_pages = NumberPages(120)
    assert list(Listing(numbers_in_pages).since(count)) == list(range(first, 120))
    assert numbers_in_pages.pages == pages


@pytest.mark.parametrize("total", [0, 3])
def test_who_has_read_more_than_there_is_gets_nothing_or_the_last_page(total: int) -> None:
    assert list(Listing(NumberPages(total)).since(900)) == []


def test_page_alone_is_asked_alone() -> None:
    numbers_in_pages = NumberPages(120)
    assert Listing(numbers_in_pages).page(3).items == tuple(range(100, 120))
    assert numbers_in_pages.pages == [3]


def test_converted_list_keeps_its_total_and_pages() -> None:
    numbers_in_pages = NumberPages(120)
    listing = converted(numbers_in_pages, str)
    assert (listing.total, listing.page(2).page_count) == (120, 3)
    assert list(listing) == [str(number) for number in range(120)]
