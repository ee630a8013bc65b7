"""What a photo's page offers to change, and what became of the last requested change."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from gallery.accounts.abilities import is_able
from gallery.changes.change_status import is_behind, newest_change
from gallery.changes.trouble import trouble_of
from gallery.library.models import Photo
from gallery.presentation.names import app_name
from providers.contract.base import AlbumMembership, PhotoEditing

register = template.Library()


@register.inclusion_tag("changes/_offers.html")
def photo_changes(photo: Photo) -> dict[str, Any]:
    """The actions that the photo's service allows, by its kind, and the state of the newest change."""
    can_edit = is_able(photo.account, PhotoEditing)
    change = newest_change(photo) if can_edit else None
    return {
        "photo": photo,
        "service": app_name(photo.account.provider_id),
        "can_edit": can_edit,
        "can_place": is_able(photo.account, AlbumMembership),
        "change": change,
        "is_open": change is not None and (not change.is_over or is_behind(photo)),
        "trouble": trouble_of(change),
    }


@register.inclusion_tag("changes/_comments_wanted.html")
def photo_comments(photo: Photo, comments: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The comments that our copy has, and, of a service that tells them one photo at a time, where those
    of now will stand."""
    return {"photo": photo, "comments": comments, "is_fetched": is_able(photo.account, PhotoEditing)}
