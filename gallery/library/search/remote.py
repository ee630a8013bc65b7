"""Asking a service that can search, for three seconds at most.

What is found stays there: only the person who searched sees it, and for an hour its pictures can be
fetched through the image door by a key that tells nothing (the service's addresses stay in the cache).
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from gallery.accounts import services as accounts
from gallery.accounts.models import LinkedAccount
from gallery.library.models import Photo
from gallery.library.patience import within
from gallery.ownership import Viewer
from providers.contract import entities
from providers.contract.base import PhotoService, PublicSearch, TagSearch
from providers.registry import kinds

SECONDS = 3.0
_MOST = 30
_KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person searches: tags that a photo must carry, and words."""

    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tags or self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPhoto:
    """What the image door needs to fetch a found photo."""

    account_pk: int
    renditions: Sequence[entities.Rendition]
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer of one service: photos that are in the library, and others with their picture keys."""

    own: list[int]
    others: list[tuple[str, entities.Photo]]


def can_search(account: LinkedAccount) -> bool:
    """Whether the account's service is able to, by its kind."""
    kind = kinds().get(account.kind)
    return kind is not None and (
        issubclass(kind.service, TagSearch) or issubclass(kind.service, PublicSearch)
    )


def ask_service(account: LinkedAccount, asked: Asked) -> Found:
    """Raises ProviderError, and TooSlow after three seconds."""
    photos = within(SECONDS, lambda: _ask(accounts.open_service(account), asked))
    by_id = {photo.remote_id: photo for photo in photos}
    rows = Photo.objects.filter(account=account, remote_id__in=by_id).values_list("remote_id", "pk")
    own = dict(rows)
    others = [photo for key, photo in by_id.items() if key not in own]
    return Found(own=list(own.values()), others=list(zip(keep_found(account, others), others, strict=True)))


def _ask(service: PhotoService, asked: Asked) -> list[entities.Photo]:
    if isinstance(service, TagSearch) and not asked.words:
        return list(islice(service.photos_by_tags(asked.tags), _MOST))
    if isinstance(service, PublicSearch):
        return list(islice(service.search([*asked.words, *asked.tags]), _MOST))
    if isinstance(service, TagSearch):
        return list(islice(service.photos_by_tags([*asked.tags, *asked.words]), _MOST))
    return []


def keep_found(account: LinkedAccount, photos: Sequence[entities.Photo]) -> list[str]:
    """A picture key for each photo; for an hour its owner may fetch the picture by it."""
    keys = [_found_key(account, photo) for photo in photos]
    kept = {
        _cache_key(account.user_id, key): FoundPhoto(
            account_pk=account.pk, renditions=photo.renditions, width=photo.width, height=photo.height
        )
        for key, photo in zip(keys, photos, strict=True)
    }
    cache.set_many(kept, _KEPT_SECONDS)
    return keys


def _found_key(account: LinkedAccount, photo: entities.Photo) -> str:
    told = f"{account.pk}:{photo.remote_id}:{[part.url for part in photo.renditions]}"
    digest = salted_hmac("gallery.library.found", told, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:18]).decode()


def found_photo(user: Viewer, key: str) -> FoundPhoto | None:
    """The photo behind a key that this person was given."""
    found: FoundPhoto | None = cache.get(_cache_key(user.pk, key))
    return found


def _cache_key(user_pk: int | None, key: str) -> str:
    return f"found:{user_pk}:{key}"
