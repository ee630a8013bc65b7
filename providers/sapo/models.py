"""What the link stores on our side besides allauth's own rows."""

from allauth.socialaccount.models import SocialAccount
from django.db import models


class StoredPassword(models.Model):
    """The password of an account whose owner ticked "stay connected"; sealed, used by renewal alone.

    Gone with the link, when the box is not ticked at the next linking, and on the first refusal.
    """

    account = models.OneToOneField(SocialAccount, models.CASCADE, related_name="sapo_password")
    username = models.CharField(max_length=254)
    sealed = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.account_id}"
