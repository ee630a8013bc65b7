"""The tags that a person follows: stored here, since services know nothing of it."""

from collections.abc import Sequence

from gallery.accounts.models import LinkedAccount
from gallery.explore.models import FollowedTag
from gallery.ownership import Viewer

MOST_FOLLOWED = 12  # of a person: each is a question that the explore page asks


def follow(account: LinkedAccount, name: str) -> bool:
    """Whether it is followed now; no more than MOST_FOLLOWED are."""
    if follows(account, name):
        return True
    if FollowedTag.objects.filter(account__user_id=account.user_id).count() >= MOST_FOLLOWED:
        return False
    FollowedTag.objects.get_or_create(account=account, key=_key(name), defaults={"name": name})
    return True


def leave(account: LinkedAccount, name: str) -> None:
    FollowedTag.objects.filter(account=account, key=_key(name)).delete()


def follows(account: LinkedAccount, name: str) -> bool:
    return FollowedTag.objects.filter(account=account, key=_key(name)).exists()


def followed_by(user: Viewer) -> Sequence[FollowedTag]:
    """The one followed last comes first."""
    return list(FollowedTag.objects.visible_to(user).select_related("account").order_by("-pk"))


def _key(name: str) -> str:
    return " ".join(name.casefold().split())[:300]
