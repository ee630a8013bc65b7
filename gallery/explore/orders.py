"""The orders in which services give photos, in words."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gallery.explore.lists import at_page
from providers.contract.base import TAG_ORDERS

ORDERS: dict[str, Promise] = {
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
    "title": _("By title"),
    "viewed": _("Most viewed first"),
}
assert set(ORDERS) == set(TAG_ORDERS)


def order_of(text: str) -> str:
    return text if text in ORDERS else TAG_ORDERS[0]


def order_links(path: str, parameters: dict[str, Any], chosen: str) -> list[dict[str, Any]]:
    return [
        {"name": words, "url": at_page(path, parameters | {"order": order}, 1), "is_here": order == chosen}
        for order, words in ORDERS.items()
    ]
