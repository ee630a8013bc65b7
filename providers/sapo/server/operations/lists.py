"""Pages of fifty. Totals are stored counters; the page itself is read from one index, ids first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import F, Model, OrderBy, QuerySet

from providers.sapo.protocol import ORDER_SHORT_NAMES, PAGE_SIZE, Order
from providers.sapo.server.models import Image, Person
from providers.sapo.server.operations.encode import PageInfo, Placement
from providers.sapo.server.queries import images_with_owners, placements_of
from providers.sapo.server.wire.arguments import Arguments
from providers.sapo.server.wire.errors import Refused

MAX_PAGE = 10**9
_T = TypeVar("_T", bound=Model)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table that lists are ordered by; `id` is the photo's or album's own."""

    id: str
    date: str = "created_at"
    title: str = "title_key"
    views: str = ""


IMAGE_COLUMNS = Columns("pk", views="visualizations")
PLACED_COLUMNS = Columns("image_id", title="image__title_key", views="image__visualizations")
ALBUM_COLUMNS = Columns("number")
COLLECTION_COLUMNS = Columns("pk")
PERSON_COLUMNS = Columns("pk", title="username")


def order_of(arguments: Arguments) -> Order:
    """The requested order, by any of its names; the newest first where it is not known."""
    name = arguments.text("orderby").lower()
    try:
        return ORDER_SHORT_NAMES.get(name) or Order(name)
    except ValueError:
        return Order.NEWEST


def ordering(order: Order, columns: Columns) -> list[OrderBy]:
    """The `order_by` of an order, complete down to the id."""
    date, title, key = F(columns.date), F(columns.title), F(columns.id)
    match order:
        case Order.ALPHABETICAL:
            return [title.asc(), key.asc()]
        case Order.ALPHABETICAL_REVERSED:
            return [title.desc(), key.desc()]
        case Order.OLDEST_PICTURES | Order.OLDEST_ALBUMS:
            return [date.asc(), key.asc()]
        case Order.IDENTIFIER:
            return [key.asc()]
        case Order.RELEVANCE if columns.views:
            return [F(columns.views).desc(), date.desc(), key.desc()]
        case _:
            return [date.desc(), key.desc()]


def page_number(arguments: Arguments) -> int:
    """The requested page; none and 0 are the first. Raises Refused."""
    number = arguments.number("page", default=1)
    if number < 0 or number > MAX_PAGE:
        raise Refused(f"page: a number from 1 to {MAX_PAGE} is expected")
    return number or 1


def page_info(arguments: Arguments, total: int) -> PageInfo:
    return PageInfo(page_number(arguments), total)


def page_of(rows: QuerySet[_T], page: PageInfo) -> list[_T]:
    """The rows on a page; pages behind the last are empty without asking."""
    first = (page.number - 1) * PAGE_SIZE
    return list(rows[first : first + PAGE_SIZE]) if first < page.total else []


def images_of_page(
    rows: QuerySet[_T], column: str, page: PageInfo, owner: Person | None = None
) -> list[Image]:
    """The photos on a page of `rows`, in whose `column` they are named, with their owners.

    Their ids are read first, alone, so that only one index is read, and for pages in the
    second half from its other end.
    """
    first = (page.number - 1) * PAGE_SIZE
    if first >= page.total:
        return []
    ids, last = rows.values_list(column, flat=True), min(first + PAGE_SIZE, page.total)
    if first < page.total // 2:
        return images_with_owners(ids[first:last], owner)
    from_the_end = ids.reverse()[page.total - last : page.total - first]
    return images_with_owners(reversed(from_the_end), owner)


def albums_of(images: Iterable[Image]) -> dict[int, list[Placement]]:
    """Image id -> the albums it was put into."""
    found: dict[int, list[Placement]] = {}
    for image, number, title in placements_of([image.pk for image in images]):
        found.setdefault(image, []).append(Placement(number, title))
    return found
