from django.db import models

from gallery.accounts.models import LinkedAccount
from gallery.jobs.models import LeasedRow
from gallery.ownership import OwnedQuerySet


class FollowedTagQuerySet(OwnedQuerySet["FollowedTag"]):
    """They go with their account."""

    owner_path = "account__user"
    hidden = models.Q(account__state="leaving")


class FollowedTag(models.Model):
    """A tag whose newest photos a person wants to see, across the whole service of one of their accounts.

    `key` is the name as tags are compared, `name` as it stood where it was followed.
    """

    account = models.ForeignKey(LinkedAccount, models.CASCADE, related_name="followed_tags", db_index=False)
    name = models.CharField(max_length=300)
    key = models.CharField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FollowedTagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="a_tag_once_followed_by_an_account")
        ]

    def __str__(self) -> str:
        return self.name


class PhotoView(LeasedRow):
    """That a person opened a photo, still to be told to its service; gone as soon as that was tried."""

    account = models.ForeignKey(LinkedAccount, models.CASCADE, related_name="+", db_index=False)
    remote_id = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["account"]), models.Index(fields=["next_at"])]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.remote_id}"
