"""Marks what needs no database, so that it does not run again on another one."""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_DATABASE = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        asks = item.get_closest_marker("django_db") or _DATABASE & set(getattr(item, "fixturenames", ()))
        if not asks and item.path.is_relative_to(_HERE):  # pytest-django then keeps the database shut
            item.add_marker(pytest.mark.no_database)
