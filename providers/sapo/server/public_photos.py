"""The photos that everybody may see, by person, by tag, by both or all of them; newest first.

Feeds and public pages read them here. Totals are the counters that `photo_store` maintains.
"""

from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from providers.sapo.server.models import Album, Audience, Image, ImageAlbum, ImageTag, Person, PersonTag
from providers.sapo.server.queries import images_with_owners, person_by_name
from providers.sapo.server.wire.tags import tag_keys

_IN_GOOD_STANDING = {"owner__is_active": True, "owner__is_banned": False}


def usable_person(username: str) -> Person | None:
    """The person of that name, None for nobody and for a banned one."""
    person = person_by_name(username.lower())
    return person if person is not None and person.is_usable else None


def page_number(text: str) -> int:
    """The requested page; anything else is the first."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1


@dataclass(frozen=True, slots=True)
class PublicPhotos:
    """A list of public photos. With an album its person is the album's owner, and there is no tag."""

    person: Person | None = None
    tag: str = ""
    album: Album | None = None
    with_adult: bool = False

    @property
    def _column(self) -> str:
        return "public_count" if self.with_adult else "safe_count"

    @property
    def _minimum(self) -> Audience:
        return Audience.ADULTS if self.with_adult else Audience.EVERYBODY

    def total(self) -> int:
        """How many photos there are on all pages."""
        if self.person is not None and self.person.pk is None:
            return 0
        counted: Person | Album | None = self.album or (None if self.tag else self.person)
        if counted is not None:
            return int(getattr(counted, self._column))
        if not self.tag:
            people = Person.objects.filter(is_active=True, is_banned=False)
            return people.aggregate(total=Sum(self._column))["total"] or 0
        tags = PersonTag.objects.filter(key__in=tag_keys([self.tag]), **_IN_GOOD_STANDING)
        if self.person is not None:
            tags = tags.filter(owner=self.person)
        return tags.aggregate(total=Sum(self._column))["total"] or 0

    def images(self, page: int, size: int) -> list[Image]:
        """The photos of a page (1-based), with their owners."""
        first = (page - 1) * size
        if first >= self.total():
            return []
        return images_with_owners(self._ids()[first : first + size])

    def _ids(self) -> QuerySet[Image, int] | QuerySet[ImageTag, int] | QuerySet[ImageAlbum, int]:
        visible = {"audience__gte": self._minimum}
        if self.album is not None:
            placed = ImageAlbum.objects.filter(album=self.album, **visible)
            return placed.order_by("-created_at", "-image_id").values_list("image_id", flat=True)
        owner = _IN_GOOD_STANDING if self.person is None else {"owner": self.person}
        if self.tag:
            tagged = ImageTag.objects.filter(key__in=tag_keys([self.tag]), **owner, **visible)
            return tagged.order_by("-created_at", "-image_id").values_list("image_id", flat=True)
        images = Image.objects.filter(**owner, **visible)
        return images.order_by("-created_at", "-id").values_list("pk", flat=True)
