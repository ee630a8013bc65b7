from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gallery.accounts.models import LinkedAccount
from gallery.jobs.models import LeasedRow
from gallery.library.models import Photo
from gallery.ownership import OwnedQuerySet


class ChangeQuerySet(OwnedQuerySet["Change"]):
    """Changes that one person asked for."""


class Change(LeasedRow):
    """What a person wants changed about one photo at its service.

    All kinds say how it shall be, not what to do, so that a change whose outcome is unknown may simply
    be applied again. `sealed_request` is JSON, sealed: it may hold a photo's password.
    """

    class Kind(models.TextChoices):
        EDIT = "edit", _("Edit")
        DELETE = "delete", _("Delete")
        ALBUMS = "albums", _("Albums")

    class Status(models.TextChoices):
        WAITING = "waiting", _("In line")
        WORKING = "working", _("Being saved")
        DONE = "done", _("Saved")
        FAILED = "failed", _("Not saved")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    account = models.ForeignKey(LinkedAccount, models.CASCADE, related_name="changes")
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, related_name="changes")
    photo_remote_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    sealed_request = models.TextField(blank=True, db_column="sealed_wish")
    reason = models.CharField(max_length=60, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "next_at"]),
            models.Index(fields=["photo", "-id"]),
            models.Index(fields=["account", "-claimed_at"]),
            models.Index(fields=["account", "photo_remote_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.photo_remote_id} ({self.status})"

    @property
    def is_over(self) -> bool:
        return self.status in (self.Status.DONE, self.Status.FAILED)
