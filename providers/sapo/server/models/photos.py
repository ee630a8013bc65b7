"""Albums, photos and the rows that join them.

The passwords of photos and albums are sealed, not hashed: their owner may read them back, and
ImageEdit expects them to be sent again (docs/protocols/sapo.md). Counters are maintained by `photo_store.py`,
so that no listing counts rows.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.sapo.server.models.people import Person


class Audience(models.IntegerChoices):
    """Who may see a photo, from nobody to everybody; derived by `photo_store.audience_of`."""

    NOBODY = 0, _("nobody yet: the file has not come")
    OWNER = 1, _("its owner")
    ADULTS = 2, _("everybody who asks for adult photos")
    EVERYBODY = 3, _("everybody")


class Album(models.Model):
    """`number` is the small id of the wire, counted for each person; 1 is always "Ao Molho"."""

    owner = models.ForeignKey(Person, models.CASCADE, related_name="albums")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    title_key = models.CharField(max_length=100, editable=False, blank=True)
    description = models.TextField(blank=True)
    sealed_password = models.CharField(max_length=400, blank=True, editable=False)
    is_active = models.BooleanField(default=True)
    is_special = models.BooleanField(default=False, help_text=_("Holds the photos that lie in no album."))
    cover = models.ForeignKey("Image", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    image_count = models.PositiveIntegerField(default=0, editable=False)
    public_count = models.PositiveIntegerField(default=0, editable=False)
    safe_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("album")
        ordering = ["owner", "number"]
        constraints = [models.UniqueConstraint(fields=["owner", "number"], name="sapo_album_number")]
        indexes = [models.Index(fields=["owner", "-created_at", "-id"], name="sapo_album_newest")]

    def __str__(self) -> str:
        return self.title


class Collection(models.Model):
    """A named list of albums. No operation makes one: they are made in the admin."""

    owner = models.ForeignKey(Person, models.CASCADE, related_name="collections")
    title = models.CharField(max_length=200)
    title_key = models.CharField(max_length=100, editable=False, blank=True)
    description = models.TextField(blank=True)
    code = models.SlugField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    cover = models.ForeignKey("Image", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    albums = models.ManyToManyField(Album, through="CollectionAlbum", related_name="collections")

    class Meta:
        verbose_name = _("collection")
        ordering = ["owner", "title"]

    def __str__(self) -> str:
        return self.title


class CollectionAlbum(models.Model):
    collection = models.ForeignKey(Collection, models.CASCADE)
    album = models.ForeignKey(Album, models.CASCADE)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "album"], name="sapo_collection_album_once")
        ]

    def __str__(self) -> str:
        return f"{self.collection_id}: {self.album_id}"


class Image(models.Model):
    """A photo. Pending until its file has arrived; `uid` is its name on the wire and not guessable."""

    uid = models.CharField(max_length=20, unique=True)
    owner = models.ForeignKey(Person, models.CASCADE, related_name="images")
    title = models.CharField(max_length=200, blank=True)
    title_key = models.CharField(max_length=100, editable=False, blank=True)
    subtitle = models.CharField(max_length=200, blank=True)
    synopse = models.TextField(blank=True)
    tags = models.TextField(blank=True, help_text=_("Separated by commas, as in the protocol."))
    search_text = models.TextField(blank=True, editable=False)
    sealed_password = models.CharField(max_length=400, blank=True, editable=False)
    is_active = models.BooleanField(default=True)
    is_adult = models.BooleanField(default=False)
    is_inappropriate = models.BooleanField(default=False)
    is_pending = models.BooleanField(default=True)
    audience = models.PositiveSmallIntegerField(choices=Audience, default=Audience.NOBODY, editable=False)
    rating = models.CharField(max_length=10, default="0")
    visualizations = models.PositiveIntegerField(default=0)
    email_from = models.EmailField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    albums = models.ManyToManyField(Album, through="ImageAlbum", related_name="images")

    # The file: set by upload/accept.py.
    file_name = models.CharField(max_length=200, blank=True, editable=False)
    format = models.CharField(max_length=4, blank=True, editable=False)
    media_type = models.CharField(max_length=30, blank=True, editable=False)
    byte_size = models.PositiveBigIntegerField(default=0, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)

    # Derived from the whole file: set by upload/derive_metadata.py. Colours are "rrggbb".
    md5 = models.CharField(max_length=32, blank=True, editable=False)
    ref_colour = models.CharField(max_length=6, blank=True, editable=False)
    average_colour = models.CharField(max_length=6, blank=True, editable=False)
    is_processed = models.BooleanField(default=False, editable=False, db_column="is_looked_at")
    is_damaged = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("image")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id", "audience"], name="sapo_image_newest"),
            models.Index(fields=["audience", "-created_at", "-id"], name="sapo_image_public"),
            models.Index(fields=["owner", "audience"], name="sapo_image_waiting"),
            models.Index(
                fields=["id"],
                condition=models.Q(is_pending=False, is_processed=False),
                name="sapo_image_unseen",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.uid


class Placed(models.Model):
    """A photo in an album or under a tag, with copies of what lists filter and sort by, so that one index
    serves them."""

    audience = models.PositiveSmallIntegerField(choices=Audience, default=Audience.NOBODY)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class ImageAlbum(Placed):
    image = models.ForeignKey(Image, models.CASCADE, related_name="placements")
    album = models.ForeignKey(Album, models.CASCADE, related_name="placements")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "album"], name="sapo_image_album_once")]
        indexes = [
            models.Index(fields=["album", "-created_at", "-image", "audience"], name="sapo_album_images")
        ]

    def __str__(self) -> str:
        return f"{self.album_id}: {self.image_id}"


class ImageTag(Placed):
    """`key` is the tag in small letters, by which it is found."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="tag_rows")
    owner = models.ForeignKey(Person, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "key"], name="sapo_image_tag_once")]
        indexes = [
            models.Index(
                fields=["owner", "key", "-created_at", "-image", "audience"], name="sapo_own_tagged"
            ),
            models.Index(fields=["key", "-created_at", "-image", "audience"], name="sapo_tagged"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.image_id}"


class PersonTag(models.Model):
    """A tag that a person uses, as first written, with its counts."""

    owner = models.ForeignKey(Person, models.CASCADE, related_name="tags")
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    image_count = models.PositiveIntegerField(default=0)
    public_count = models.PositiveIntegerField(default=0)
    safe_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="sapo_person_tag_once")]
        indexes = [models.Index(fields=["key"], name="sapo_person_tag_key")]

    def __str__(self) -> str:
        return self.name
