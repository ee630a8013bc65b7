"""Pictures on account cards: the one place where accounts' templates show the library."""

from django import template

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Photo

register = template.Library()
_STRIP = 3


@register.inclusion_tag("accounts/_strip.html")
def account_strip(account: LinkedAccount) -> dict[str, object]:
    """The newest pictures of an account, one walk along the owner's timeline."""
    from gallery.library.picture_urls import picture_sources

    newest = Photo.objects.filter(owner_id=account.user_id, account=account)
    photos = newest.defer("raw", "words").order_by("-taken_at", "-pk")[:_STRIP]
    return {"account": account, "pictures": [picture_sources(photo) for photo in photos]}
