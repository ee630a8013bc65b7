"""Pages of long lists by where the last one ended: no OFFSET, no COUNT, one walk along an index.

The bounded form `x <= a AND (x < a OR id < b)` is what both databases turn into a range of the index;
the plain OR and, on SQLite, the tuple form read everything before it (docs/flows/pages.md).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
Value = datetime | int | str
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in an order. As text: "i3~12" or "d1700000000000000~12" or "tpraia~12"."""

    value: Value
    pk: int

    def __str__(self) -> str:
        if isinstance(self.value, datetime):
            return f"d{(self.value - _EPOCH) // timedelta(microseconds=1)}~{self.pk}"
        return f"{'i' if isinstance(self.value, int) else 't'}{self.value}~{self.pk}"


def read_place(text: str, kind: type[Value]) -> Place | None:
    """The place that `text` names; None where it names none: the list then begins at its beginning."""
    value, _, pk = text.rpartition("~")
    try:
        number = int(pk)
        if not 0 <= number <= _LARGEST_ID:
            return None
        if kind is str and value.startswith("t") and "\0" not in value:
            return Place(value[1:], number)
        if kind is int and value.startswith("i") and 0 <= int(value[1:]) <= _LARGEST_ID:
            return Place(int(value[1:]), number)
        if kind is datetime and value.startswith("d"):
            return Place(_EPOCH + timedelta(microseconds=int(value[1:])), number)
    except (ValueError, OverflowError):
        pass
    return None


@dataclass(frozen=True, slots=True)
class Order:
    """By `field` and then by `pk_field`, both in the same direction: as an index has them."""

    field: str
    pk_field: str = "pk"
    is_descending: bool = True

    def reversed(self) -> "Order":
        return Order(self.field, self.pk_field, not self.is_descending)

    def after(self, rows: "QuerySet[M, Any]", place: Place | None) -> "QuerySet[M, Any]":
        """`rows` in this order, those behind `place` only."""
        sign, beyond = ("-", "lt") if self.is_descending else ("", "gt")
        if place is not None:
            rows = rows.filter(**{f"{self.field}__{beyond}e": place.value}).filter(
                Q(**{f"{self.field}__{beyond}": place.value}) | Q(**{f"{self.pk_field}__{beyond}": place.pk})
            )
        return rows.order_by(f"{sign}{self.field}", f"{sign}{self.pk_field}")
