"""What a person may see of the library. `visible_to` is the only door for views."""

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from gallery.library.models import Album, Collection, Photo, Tag  # noqa: F401

Viewer = AbstractBaseUser | AnonymousUser


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows that belong to one person."""

    def visible_to(self, user: Viewer) -> Self:
        return self.filter(owner_id=user.pk)


class PhotoQuerySet(OwnedQuerySet):
    pass


class AlbumQuerySet(OwnedQuerySet):
    pass


class CollectionQuerySet(OwnedQuerySet):
    pass


class TagQuerySet(OwnedQuerySet):
    pass
