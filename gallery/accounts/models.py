"""Linked accounts: a person's keys to photo services. Everything in the gallery hangs from them."""

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gallery.jobs.models import LeasedRow
from gallery.ownership import OwnedQuerySet


class LinkedAccountQuerySet(OwnedQuerySet["LinkedAccount"]):
    """Those that are being taken down are no longer shown."""

    owner_path = "user"
    hidden = models.Q(state="leaving")


class LinkedAccount(LeasedRow):
    """One account on one server of a service. The key itself lies sealed in allauth's SocialToken.

    `state_code` is the service's own code for the trouble; `state_since` when the state began.
    """

    class State(models.TextChoices):
        OK = "ok", _("Linked")
        RECONNECT = "reconnect", _("Needs to be connected again")
        CONSENT = "consent", _("Needs your permission at the service")
        UNREACHABLE = "unreachable", _("Not answering")
        REFUSED = "refused", _("Refused by the service")
        LEAVING = "leaving", _("Being unlinked")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="linked_accounts")
    social_account = models.OneToOneField(
        SocialAccount, models.SET_NULL, null=True, blank=True, related_name="linked_account"
    )
    provider_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    remote_id = models.CharField(max_length=191)
    label = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OK)
    state_code = models.CharField(max_length=60, blank=True)
    state_since = models.DateTimeField(auto_now_add=True)
    consent_url = models.URLField(max_length=1000, blank=True)
    photo_count = models.PositiveIntegerField(default=0)
    album_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LinkedAccountQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            # One that is being taken down does not stand in the way of linking it again.
            models.UniqueConstraint(
                fields=["provider_id", "remote_id"],
                condition=~models.Q(state="leaving"),
                name="one_link_for_a_remote_account",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.provider_id})"

    @property
    def needs_person(self) -> bool:
        """Whether only its owner can make it work again."""
        return self.state in (self.State.RECONNECT, self.State.CONSENT)


class Revocation(LeasedRow):
    """A key that is no longer ours to use and is still to be revoked at its service.

    `sealed` is bound to provider and account.
    """

    provider_id = models.CharField(max_length=200)
    uid = models.CharField(max_length=191)
    sealed = models.TextField()
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.uid} ({self.provider_id})"
