"""Rows that refer to photos and albums: comments, upload tokens and highlights."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.sapo.protocol import DEFAULT_INTERFACE
from providers.sapo.server.models.people import Person
from providers.sapo.server.models.photos import Album, Image


class Comment(models.Model):
    image = models.ForeignKey(Image, models.CASCADE, related_name="comments")
    created_at = models.DateTimeField(default=timezone.now)
    nickname = models.CharField(max_length=60)
    website = models.URLField(blank=True)
    body = models.TextField()
    is_approved = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("comment")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.nickname}: {self.body[:40]}"


class UploadToken(models.Model):
    """The token to send one photo's file (ImageCreate): for ten minutes, once. Only its SHA-256 is stored.

    It outlives its photo, so that an upload for a deleted one gets INVALID_IMAGE.
    """

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="upload_tokens")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("upload token")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.image_id} → {self.expires_at:%H:%M}"


class Highlight(models.Model):
    """What the service shows first, for each interface; chosen in the admin. One target is set."""

    interface = models.CharField(max_length=60, default=DEFAULT_INTERFACE)
    position = models.PositiveIntegerField(default=0)
    album = models.ForeignKey(Album, models.CASCADE, null=True, blank=True)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True)
    tag = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("highlight")
        ordering = ["interface", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(album__isnull=False, person__isnull=True, tag="")
                | models.Q(album__isnull=True, person__isnull=False, tag="")
                | (models.Q(album__isnull=True, person__isnull=True) & ~models.Q(tag="")),
                name="sapo_highlight_one_target",
            )
        ]

    def __str__(self) -> str:
        return f"{self.interface}: {self.album or self.person or self.tag}"
