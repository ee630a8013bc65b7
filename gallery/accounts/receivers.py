"""Keeps our rows in step with allauth's."""

from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialLogin, SocialToken
from allauth.socialaccount.signals import social_account_added
from django.db.models.signals import post_delete, pre_delete, pre_save
from django.dispatch import receiver
from django.utils import timezone

from gallery.accounts.models import LinkedAccount, Revocation
from gallery.accounts.services import save_link
from gallery.jobs.kinds import Kind
from gallery.jobs.queue import wake_after_commit
from providers.linking import service_apps


@receiver(social_account_added)
def save_new_link(sociallogin: SocialLogin, **kwargs: Any) -> None:
    """A first one; connecting again comes through the adapter."""
    save_link(sociallogin)


@receiver(pre_save, sender=SocialToken)
def retire_replaced_key(instance: SocialToken, **kwargs: Any) -> None:
    """Connecting again overwrites the row: the old key would live on at the service."""
    old = SocialToken.objects.filter(pk=instance.pk).exclude(token=instance.token).first()
    if old is not None:
        _retire(old)


@receiver(pre_delete, sender=SocialToken)
def retire_removed_key(instance: SocialToken, **kwargs: Any) -> None:
    """Unlinking, deleting a person and the admin panel all come through here."""
    _retire(instance)


def _retire(token: SocialToken) -> None:
    social = SocialAccount.objects.filter(pk=token.account_id).first()
    if social is None or social.provider not in service_apps():
        return
    Revocation.objects.create(
        provider_id=social.provider, uid=social.uid, sealed=token.token, next_at=timezone.now()
    )
    wake_after_commit(Kind.REVOCATIONS)


@receiver(post_delete, sender=SocialAccount)
def notice_lost_link(instance: SocialAccount, **kwargs: Any) -> None:
    """Removed behind our back (allauth's own page, the admin): the account says what it needs."""
    LinkedAccount.objects.filter(
        provider_id=instance.provider, remote_id=instance.uid, social_account=None
    ).exclude(state=LinkedAccount.State.LEAVING).update(
        state=LinkedAccount.State.RECONNECT, state_code="no_key"
    )
