"""People of the SAPO server and their keys. Secrets are stored as hashes only."""

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

username_rule = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{1,39}\Z",
    _("A user name has 2 to 40 small letters, digits, dots, hyphens or underscores."),
)


def default_max_file_bytes() -> int:
    return int(settings.SERVER_MAX_FILE_BYTES)


class Person(models.Model):
    """An account on this server. `username` and `email` are stored in lower case."""

    username = models.CharField(max_length=40, unique=True, validators=[username_rule])
    email = models.EmailField(unique=True)
    password = models.CharField(max_length=128, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="sapo_people"
    )
    is_active = models.BooleanField(default=True)
    is_banned = models.BooleanField(default=False)
    is_admin = models.BooleanField(default=False, help_text=_("May call ImageNotifyView and UserCreate."))
    created_at = models.DateTimeField(default=timezone.now)
    last_login_at = models.DateTimeField(null=True, blank=True)

    comment_captcha = models.BooleanField(default=False)
    comment_moderate = models.BooleanField(default=False)
    comment_notify = models.BooleanField(default=True)
    is_partner = models.BooleanField(default=False)
    views_all = models.BooleanField(default=False, help_text=_("Sees adult photos of others in lists."))
    upload_mail = models.EmailField(blank=True)
    avatar = models.CharField(max_length=200, blank=True, help_text=_("Name of the picture in storage."))

    max_file_bytes = models.PositiveBigIntegerField(default=default_max_file_bytes)
    max_images = models.PositiveIntegerField(null=True, blank=True, help_text=_("Empty: no limit."))
    max_storage_bytes = models.PositiveBigIntegerField(null=True, blank=True, help_text=_("Empty: no limit."))
    min_width = models.PositiveIntegerField(default=1)
    min_height = models.PositiveIntegerField(default=1)

    # Maintained by photo_store.py. Of the photos whose file has arrived: all, those that others may see, and
    # those that everybody sees.
    image_count = models.PositiveIntegerField(default=0, editable=False)
    public_count = models.PositiveIntegerField(default=0, editable=False)
    safe_count = models.PositiveIntegerField(default=0, editable=False)
    stored_bytes = models.PositiveBigIntegerField(default=0, editable=False)
    album_count = models.PositiveIntegerField(default=0, editable=False)
    last_album_number = models.PositiveIntegerField(default=0, editable=False)
    page_version = models.PositiveBigIntegerField(default=0, editable=False, db_column="shelf_version")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="sapo_person_username_any_case"),
            models.UniqueConstraint(Lower("email"), name="sapo_person_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def is_usable(self) -> bool:
        return self.is_active and not self.is_banned

    def set_password(self, password: str | None) -> None:
        self.password = make_password(password)

    def check_password(self, password: str) -> bool:
        return check_password(password, self.password)


class AccessKey(models.Model):
    """The key of a program (ESBAccessKey); without a person it is valid for everybody's account."""

    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=8, editable=False)
    label = models.CharField(max_length=100, blank=True)
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, help_text=_("Empty: for everybody.")
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("access key")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix}… {self.label}".strip()


class Token(models.Model):
    """An ESBToken; only its SHA-256 is here."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    extra_info = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("token")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.expires_at:%Y-%m-%d %H:%M}"
