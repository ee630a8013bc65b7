from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

ANY = "*"
LONGEST = 300  # seconds that a thread of the server may be blocked


class FaultPlan(models.Model):
    """One operation of one built-in server misbehaves the next `remaining` times."""

    class Kind(models.TextChoices):
        ERROR = "error", _("answers with an error")
        SLOW = "slow", _("answers slowly")
        SILENT = "silent", _("does not answer")

    server = models.CharField(_("server"), max_length=20)
    operation = models.CharField(
        _("operation"), max_length=60, help_text=_("As the protocol names it; * for every operation.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    code = models.CharField(
        _("code"), max_length=60, blank=True, help_text=_("The protocol's own error code or status.")
    )
    seconds = models.FloatField(
        _("seconds"),
        default=5,
        validators=[MinValueValidator(0), MaxValueValidator(LONGEST)],
        help_text=_("How long it takes when slow or silent."),
    )
    remaining = models.PositiveIntegerField(_("times left"), default=1)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("fault plan")
        verbose_name_plural = _("fault plans")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["server", "remaining"])]

    def __str__(self) -> str:
        return f"{self.server} {self.operation} {self.get_kind_display()} ({self.remaining})"
