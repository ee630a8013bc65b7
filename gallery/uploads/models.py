"""Uploads: rows with a status. The queue only wakes workers; the row is the truth."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.jobs.models import LeasedRow
from gallery.library.models import Album, Photo
from gallery.ownership import OwnedQuerySet
from gallery.uploads.states import Status, sources_of
from providers import registry

ACCEPTED = timedelta(minutes=10)  # how long a service that said yes may take to show the photo


class UploadBatchQuerySet(OwnedQuerySet["UploadBatch"]):
    """Batches that one person sent."""


class UploadBatch(models.Model):
    """The files that a person chose in one go, all for one album of one account.

    `key` is the form's: files posted one by one by script meet in the same batch. A new album is made
    by one of the uploads, `album_maker`; its password lies sealed until it is made. `albums_before`
    (remote ids) and `album_asked_at` are written before the service is asked, so that an unknown
    outcome is settled by looking.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="upload_batches")
    account = models.ForeignKey(LinkedAccount, models.CASCADE, related_name="upload_batches")
    key = models.CharField(max_length=36)
    album = models.ForeignKey(Album, models.SET_NULL, null=True, blank=True, related_name="+")
    new_album_title = models.CharField(max_length=200, blank=True)
    new_album_description = models.TextField(blank=True)
    sealed_album_password = models.TextField(blank=True)
    album_maker = models.ForeignKey("Upload", models.SET_NULL, null=True, blank=True, related_name="making")
    albums_before = models.JSONField(default=list, blank=True)
    album_asked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UploadBatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "upload batches"
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_batch_for_a_form")]
        indexes = [models.Index(fields=["owner", "-created_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.created_at:%Y-%m-%d %H:%M}"


class UploadQuerySet(OwnedQuerySet["Upload"]):
    """Uploads; `visible_to` is the only way to them for views."""


class Upload(LeasedRow):
    """One file on its way to one account.

    `file` is our durable copy, kept until the photo is stored; a file that the browser sends straight
    to the service never lies here. `ticket` is sealed. `callback_key` is the unguessable part of the
    callback's address, new for each ticket. `lease_until` says until when its worker is believed to
    live; `next_at` from when a row that nobody holds is to be looked at again, `claimed_at` when a worker
    last took it. `confirm_until`: not found after it means not there. `hint` is what a callback
    claimed. `tries` counts tickets, `waits` the
    failures in a row that were nobody's fault. `takes_turns`: the account's service names no new
    photo, so that its uploads go one at a time.
    """

    class Route(models.TextChoices):
        WORKER = "worker"
        BROWSER = "browser"

    batch = models.ForeignKey(UploadBatch, models.CASCADE, related_name="uploads")
    account = models.ForeignKey(LinkedAccount, models.CASCADE, related_name="uploads")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.QUEUED)
    route = models.CharField(max_length=10, choices=Route.choices, default=Route.WORKER)
    takes_turns = models.BooleanField(default=False)
    file = models.FileField(max_length=300, blank=True)
    filename = models.CharField(max_length=255)
    media_type = models.CharField(max_length=60, blank=True)
    byte_size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    preview = models.BinaryField(blank=True, default=b"")
    title = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    tags = models.JSONField(default=list, blank=True)
    same_as = models.ForeignKey(Photo, models.SET_NULL, null=True, blank=True, related_name="+")
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, blank=True, related_name="+")
    remote_photo_id = models.CharField(max_length=100, blank=True)
    ticket = models.TextField(blank=True)
    callback_key = models.CharField(max_length=64, unique=True)
    callback_deadline = models.DateTimeField(null=True, blank=True)
    confirm_until = models.DateTimeField(null=True, blank=True)
    hint = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    waits = models.PositiveSmallIntegerField(default=0)
    sent_bytes = models.PositiveBigIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"]),
            models.Index(fields=["status", "next_at"]),
            models.Index(fields=["account", "status"]),
            models.Index(fields=["account", "sha256"]),
            models.Index(fields=["account", "-claimed_at"]),
        ]
        constraints = [
            # Two new photos of one account could not be told apart by its listing.
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(takes_turns=True, status__in=["sending", "confirming"]),
                name="one_upload_at_a_time_without_callback",
            ),
            models.UniqueConstraint(
                fields=["account", "remote_photo_id"],
                condition=~models.Q(remote_photo_id=""),
                name="one_upload_for_a_remote_photo",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filename} ({self.status})"

    def shown_within(self, usual: timedelta = ACCEPTED) -> timedelta:
        """How long the photo is waited for: the usual time, or longer where the service shows it later."""
        kind = registry.kinds().get(self.account.kind)  # none: the site left the service out meanwhile
        return max(usual, kind.accepts.shown_within) if kind else usual

    def move(
        self,
        to: Status,
        *,
        only_from: Status | None = None,
        held_by: str = "",
        note: str = "",
        **changes: Any,
    ) -> bool:
        """Move the row if its present status allows it; says whether it did, and records the event.

        One UPDATE decides between two workers, two callbacks or a worker and a person. `held_by`:
        only if that worker's lease is still on the row.
        """
        with transaction.atomic():
            sources = [status for status in sources_of(to) if only_from in (None, status)]
            rows = Upload.objects.filter(pk=self.pk, status__in=sources)
            if held_by:
                rows = rows.filter(lease_owner=held_by)
            came_from = rows.values_list("status", flat=True).first()
            changes["updated_at"] = timezone.now()
            if came_from is None or not rows.filter(status=came_from).update(status=to, **changes):
                return False
            UploadEvent.objects.create(upload=self, came_from=came_from, went_to=to, note=note[:200])
        self.refresh_from_db()
        return True

    def change(self, *, held_by: str = "", **changes: Any) -> bool:
        """Change the row without moving it; says whether it did. `held_by` as in `move`."""
        rows = Upload.objects.filter(pk=self.pk)
        if held_by:
            rows = rows.filter(lease_owner=held_by)
        changed = rows.update(**changes, updated_at=timezone.now())
        if changed:
            self.refresh_from_db()
        return bool(changed)


class UploadEvent(models.Model):
    """One move in the life of an upload. `note` never holds a secret."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="events")
    came_from = models.CharField(max_length=20, blank=True)
    went_to = models.CharField(max_length=20)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.came_from or '-'} -> {self.went_to}"
