"""What the linked accounts hold: our copy, written by sync and by confirmed edits only.

The date is copied onto membership rows, so that every page is one walk along one index
(docs/flows/pages.md). Counters are kept, never counted on a page. Foreign keys that begin another
index have none of their own: each index is paid for at every photo written.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gallery.accounts.models import LinkedAccount
from gallery.jobs.models import LeasedRow
from gallery.ownership import OwnedQuerySet

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Timeline(models.Model):
    """All photos of one person. Every writer of the person's library holds this row's lock.

    `version` grows with every change: what the page cache holds is for one version.
    """

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    version = models.PositiveBigIntegerField(default=0)
    photo_count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.photo_count}"


class Album(models.Model):
    """An album of a linked account; `cover` is the chosen photo or else the newest, taken at `newest_at`.

    No service takes a choice of cover from outside: `chosen_cover` is the person's, stored here alone.

    `remote_photo_count` and `listed_title` are what the service told when we last listed it whole.
    """

    account = models.ForeignKey(LinkedAccount, models.CASCADE, related_name="albums", db_index=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    remote_id = models.CharField(max_length=100)
    title = models.CharField(max_length=500, blank=True)
    sort_title = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    page_url = models.URLField(max_length=1000, blank=True)
    cover_url = models.URLField(max_length=1000, blank=True)
    cover = models.ForeignKey("Photo", models.SET_NULL, null=True, blank=True, related_name="+")
    chosen_cover = models.ForeignKey("Photo", models.SET_NULL, null=True, blank=True, related_name="+")
    is_inbox = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    has_password = models.BooleanField(default=False)
    photo_count = models.PositiveIntegerField(default=0)
    remote_photo_count = models.PositiveIntegerField(null=True, blank=True)
    listed_title = models.CharField(max_length=500, blank=True)
    first_taken_at = models.DateTimeField(null=True, blank=True)
    newest_at = models.DateTimeField(default=LONG_AGO)
    raw = models.TextField(blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "remote_id"], name="one_row_for_an_album")]
        indexes = [
            models.Index(fields=["owner", "sort_title", "id"], name="albums_by_title"),
            models.Index(fields=["owner", "-newest_at", "-id"], name="albums_by_date"),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Untitled"))


class Collection(models.Model):
    """Albums that belong together."""

    account = models.ForeignKey(LinkedAccount, models.CASCADE, related_name="collections", db_index=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    remote_id = models.CharField(max_length=100)
    title = models.CharField(max_length=500, blank=True)
    sort_title = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    page_url = models.URLField(max_length=1000, blank=True)
    cover_url = models.URLField(max_length=1000, blank=True)
    album_count = models.PositiveIntegerField(default=0)
    albums = models.ManyToManyField(Album, through="CollectionAlbum", related_name="collections")
    raw = models.TextField(blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "remote_id"], name="one_row_for_a_collection")
        ]
        indexes = [models.Index(fields=["owner", "sort_title", "id"], name="collections_by_title")]

    def __str__(self) -> str:
        return self.title or str(_("Untitled"))


class CollectionAlbum(models.Model):
    """An album's place in a collection."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="places", db_index=False)
    album = models.ForeignKey(Album, models.CASCADE, related_name="collection_places")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "album"], name="an_album_once_in_a_collection")
        ]

    def __str__(self) -> str:
        return f"{self.collection_id}/{self.album_id}"


class Photo(models.Model):
    """A photo of a linked account with all that its service tells.

    `taken_at` is the best date known and never empty. `renditions` is a list of [url, max_width,
    max_height] and `picture_key` changes with them; `ratio_class` and `colour_class` are the tile's,
    worked out once. `tag_names` and `comments` repeat what the service said; `raw` is its own answer.
    `words` is what full text looks through (fulltext.py), `fingerprint` is of all that was told:
    a sync without change writes nothing.
    """

    account = models.ForeignKey(LinkedAccount, models.CASCADE, related_name="photos", db_index=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    remote_id = models.CharField(max_length=100)
    title = models.CharField(max_length=500, blank=True)
    subtitle = models.CharField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    taken_at = models.DateTimeField()
    created_at = models.DateTimeField(null=True, blank=True)
    filename = models.CharField(max_length=300, blank=True)
    byte_size = models.PositiveBigIntegerField(null=True, blank=True)
    media_type = models.CharField(max_length=60, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    tag_names = models.JSONField(default=list, blank=True)
    rating = models.CharField(max_length=30, blank=True)
    view_count = models.PositiveIntegerField(null=True, blank=True)
    comments = models.JSONField(default=list, blank=True)
    is_adult = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    has_password = models.BooleanField(default=False)
    page_url = models.URLField(max_length=1000, blank=True)
    renditions = models.JSONField(default=list)
    ratio_class = models.CharField(max_length=8, default="r-149")
    colour_class = models.CharField(max_length=8, blank=True)
    picture_key = models.CharField(max_length=12)
    words = models.TextField(blank=True)
    raw = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=32)
    added_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "remote_id"], name="one_row_for_a_photo")]
        indexes = [models.Index(fields=["owner", "-taken_at", "-id"], name="photo_timeline")]

    def __str__(self) -> str:
        return self.title or self.filename or str(_("Untitled"))


class AlbumPhoto(models.Model):
    """A photo's place in an album."""

    album = models.ForeignKey(Album, models.CASCADE, related_name="places", db_index=False)
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="places")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["album", "photo"], name="a_photo_once_in_an_album")]
        indexes = [models.Index(fields=["album", "-taken_at", "-photo"], name="album_timeline")]

    def __str__(self) -> str:
        return f"{self.album_id}/{self.photo_id}"


class Tag(models.Model):
    """A word that a person's photos carry; `slug` is how it stands in addresses and is compared."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=100)
    slug = models.CharField(max_length=100)
    photo_count = models.PositiveIntegerField(default=0)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "slug"], name="one_row_for_a_tag")]
        indexes = [models.Index(fields=["owner", "-photo_count", "-id"], name="tags_by_count")]

    def __str__(self) -> str:
        return self.name


class PhotoTag(models.Model):
    """A tag on a photo; a tag is one person's, so it stands for the owner as well."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="tag_rows", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="rows", db_index=False)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "tag"], name="a_tag_once_on_a_photo")]
        indexes = [models.Index(fields=["tag", "-taken_at", "-photo"], name="tag_timeline")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.photo_id}"


class Month(models.Model):
    """How many photos a person has of one month: the scrubber, without counting."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    photo_count = models.PositiveIntegerField(default=0)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-month"]
        constraints = [models.UniqueConstraint(fields=["owner", "year", "month"], name="one_row_for_a_month")]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"


class Sync(LeasedRow):
    """How far the library follows one account: the row is the truth, tasks only work on it.

    A worker holds the lease while it works; `wanted_at` is set when somebody asked for a sync and
    cleared when one begins. `cursor` names the albums that an interrupted one had finished, and counts
    the photos that it had listed newest first; `started_at` is when the first of them was.
    `complete_at` is the end of the last listing that saw everything: rows are removed only after one.
    `unlisted_count` is how many photos more the service counted then than it listed.
    """

    class Status(models.TextChoices):
        IDLE = "idle", _("Up to date")
        WAITING = "waiting", _("In line")
        RUNNING = "running", _("Syncing")
        FAILED = "failed", _("Interrupted")

    account = models.OneToOneField(LinkedAccount, models.CASCADE, primary_key=True, related_name="sync")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    wanted_at = models.DateTimeField(null=True, blank=True)
    is_complete_wanted = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    complete_at = models.DateTimeField(null=True, blank=True)
    unlisted_count = models.IntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(null=True, blank=True)
    failure_count = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    cursor = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["status", "next_at"])]

    def __str__(self) -> str:
        return f"{self.account}: {self.status}"


class CachedPicture(models.Model):
    """The bytes of one picture in one size, on storage. `key` is its address's own (images.py).

    `used_at` is exact to a day: a picture that is looked at does not write a row each time.
    """

    account = models.ForeignKey(LinkedAccount, models.CASCADE, related_name="cached_pictures")
    photo = models.ForeignKey(Photo, models.CASCADE, null=True, blank=True, related_name="cached_pictures")
    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    byte_size = models.PositiveBigIntegerField()
    used_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
