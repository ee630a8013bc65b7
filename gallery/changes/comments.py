"""Comments under one's own photo. Lists leave them out, so they are asked for when they are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from gallery.accounts import services as accounts
from gallery.library.models import Photo
from gallery.library.patience import TooSlow, within
from providers.contract.base import PhotoEditing
from providers.contract.entities import Comment
from providers.contract.errors import NotFound, ProviderError

_SECONDS = 3.0
_KEPT_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`has_answered` is False where the service did not in time, or could not; then they are our copy's."""

    comments: Sequence[Comment] = ()
    has_answered: bool = True


def read_comments(photo: Photo) -> Said:
    """Asks the service, unless it told within the last two minutes."""
    key = f"comments:{photo.account_id}:{photo.pk}"
    found: tuple[Comment, ...] | None = cache.get(key)
    if found is not None:
        return Said(comments=found)
    if photo.account.needs_person:
        return Said(comments=_kept(photo), has_answered=False)
    try:
        return Said(comments=within(_SECONDS, lambda: _ask(photo, key)))
    except NotFound:
        return Said()
    except (TooSlow, ProviderError):
        return Said(comments=_kept(photo), has_answered=False)


def _kept(photo: Photo) -> list[Comment]:
    """What the library's row has of them; dates lie in it as text."""
    return [
        Comment(
            author=row["author"],
            body=row["body"],
            written_at=datetime.fromisoformat(row["written_at"]) if row["written_at"] else None,
        )
        for row in photo.comments
    ]


def _ask(photo: Photo, key: str) -> tuple[Comment, ...]:
    service = accounts.open_service(photo.account)
    assert isinstance(service, PhotoEditing)
    comments = service.photo(photo.remote_id).comments
    cache.set(key, comments, _KEPT_SECONDS)
    return comments
