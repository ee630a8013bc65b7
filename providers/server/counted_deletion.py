"""For operators: the page before a deletion counts the rows that are deleted too, and does not list them."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest


class CountedDeletion:
    """Mixed into a ModelAdmin whose rows own hundreds of thousands of others, by these names."""

    deleted_along: tuple[str, ...] = ()

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Any:
        """As Django's own, in the same form: shown, counted, not permitted, protected."""
        rows = list(objs)
        counts = {
            str(getattr(row, name).model._meta.verbose_name_plural): 0
            for row in rows
            for name in self.deleted_along
        }
        for row in rows:
            for name in self.deleted_along:
                counts[str(getattr(row, name).model._meta.verbose_name_plural)] += getattr(row, name).count()
        return [str(row) for row in rows], counts, set(), []
