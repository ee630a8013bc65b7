"""Whose a row is. `visible_to` is the only way by which views reach what a person owns."""

from typing import Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

Viewer = AbstractBaseUser | AnonymousUser
OwnedModel = TypeVar("OwnedModel", bound=models.Model, covariant=True)


class OwnedQuerySet(models.QuerySet[OwnedModel]):
    """Rows that belong to one person.

    `owner_path` leads to the owner; `hidden` are rows that not even the owner is shown any more.
    """

    owner_path: ClassVar[str] = "owner"
    hidden: ClassVar[models.Q] = models.Q()

    def visible_to(self, user: Viewer) -> Self:
        """The person's own rows; none for somebody who is not signed in."""
        if user.pk is None:
            return self.none()
        owned: dict[str, Any] = {self.owner_path: user.pk}
        rows = self.filter(**owned)
        return rows.exclude(self.hidden) if self.hidden else rows
