"""The tables of the Orange server. Its services and user tokens are in those of allauth.idp.oidc."""

import secrets
from datetime import datetime

from allauth.idp.oidc.models import Client
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.orange.protocol import MAX_TITLE, Right

MIB = 1024 * 1024
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_sub() -> str:
    """The id of a person for services: opaque, so that a link moved to another server finds no stranger."""
    return f"o-{secrets.token_hex(16)}"


def new_album_id() -> str:
    """13 characters in base 36: more than 64 random bits (orange.md 6)."""
    return "".join(secrets.choice(_BASE36) for _ in range(13))


def new_media_id() -> str:
    """64 random bits in hex. Whoever knows it may see the picture (orange.md 8)."""
    return secrets.token_hex(8)


class OrangeAccount(models.Model):
    """A person's account on this server: limits, and counters of its rows."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="orange_account")
    sub = models.CharField(max_length=40, unique=True, default=new_sub, editable=False)
    label = models.CharField(_("mail"), max_length=254)
    max_file_bytes = models.PositiveBigIntegerField(default=20 * MIB)
    max_photos = models.PositiveBigIntegerField(default=200_000)
    max_storage_bytes = models.PositiveBigIntegerField(default=100 * 1024 * MIB)
    photo_count = models.PositiveBigIntegerField(default=0, editable=False)
    stored_bytes = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("Orange account")
        verbose_name_plural = _("Orange accounts")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def largest_file(self) -> int:
        """In bytes: the account's own limit, below the one of all servers."""
        return min(self.max_file_bytes, int(settings.SERVER_MAX_FILE_BYTES))


class OrangeAlbum(models.Model):
    """`is_inbox`: the one for pictures sent without an album; made when first needed."""

    account = models.ForeignKey(OrangeAccount, models.CASCADE, related_name="albums")
    cyphered_id = models.CharField(max_length=13, unique=True, default=new_album_id, editable=False)
    # Room for the "-n" of a title that exists.
    title = models.CharField(max_length=MAX_TITLE + 12)
    created_at = models.DateTimeField(default=timezone.now)
    is_inbox = models.BooleanField(default=False)
    media_count = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("album")
        verbose_name_plural = _("albums")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "title"], name="orange_title_once_an_account"),
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(is_inbox=True), name="orange_one_inbox_an_account"
            ),
        ]
        indexes = [models.Index(fields=["account", "created_at", "id"], name="orange_albums_in_order")]

    def __str__(self) -> str:
        return self.title


class MediaObject(models.Model):
    """A picture. Its row number is the document's decimal `id`; `stored_name` is the file on storage."""

    account = models.ForeignKey(OrangeAccount, models.CASCADE, related_name="media_objects")
    album = models.ForeignKey(OrangeAlbum, models.CASCADE, related_name="media_objects")
    cyphered_id = models.CharField(max_length=16, unique=True, default=new_media_id, editable=False)
    title = models.CharField(max_length=MAX_TITLE)
    created_at = models.DateTimeField(default=timezone.now)
    filename = models.CharField(max_length=255)
    byte_size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    stored_name = models.CharField(max_length=255, editable=False)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["album", "created_at", "id"], name="orange_media_in_order")]

    def __str__(self) -> str:
        return self.title


class ServiceDetails(models.Model):
    """What a service stated about itself when it subscribed, shown to the people who decide on it."""

    client = models.OneToOneField(Client, models.CASCADE, related_name="orange_details", primary_key=True)
    site_url = models.URLField(_("site"), blank=True)
    return_hosts = models.TextField(
        _("return hosts"),
        blank=True,
        help_text=_("Hosts to which the privacy page may send people back, one a line."),
    )

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self) -> str:
        return str(self.client.name)

    def hosts(self) -> set[str]:
        """The hosts in lower case; with a port where one is meant."""
        return {line.strip().lower() for line in self.return_hosts.splitlines() if line.strip()}


class Consent(models.Model):
    """What a person last decided about a service's right; the grant made while linking is in the token.

    The newer of the two holds (docs/protocols/orange.md, Consent).
    """

    class Choice(models.TextChoices):
        ONCE = "once", _("Once")
        ALWAYS = "always", _("Always")
        REFUSED = "refused", _("Refused")

    account = models.ForeignKey(OrangeAccount, models.CASCADE, related_name="consents")
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    right = models.CharField(max_length=5, choices=[(right.value, right.value) for right in Right])
    choice = models.CharField(max_length=8, choices=Choice.choices)
    decided_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(fields=["account", "client", "right"], name="orange_one_word_a_right")
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.right} {self.choice}"

    def allows(self, now: datetime) -> bool:
        """Whether this is a consent that still holds."""
        if self.choice == self.Choice.REFUSED:
            return False
        return self.expires_at is None or self.expires_at > now


def account_of(user: AbstractBaseUser) -> OrangeAccount | None:
    """The account of somebody who has one here."""
    return OrangeAccount.objects.filter(user_id=user.pk).first()
