"""Searching at a service, while the person waits for it.

What is found stays there: only the person who searched sees it, and for an hour its pictures can be
fetched through the picture proxy by a key that says nothing (the service's addresses stay in the cache).
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Photo
from gallery.ownership import Viewer
from gallery.remote.ask import Query, ask
from gallery.remote.limits import SEARCH
from providers.contract import entities
from providers.contract.base import PhotoService, PublicSearch, TagSearch
from providers.registry import kinds

_MOST = 30
_PICTURE_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What a person searches: tags that a photo must carry, and words."""

    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tags or self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPhoto:
    """What the picture proxy needs to fetch a found photo."""

    account_pk: int
    renditions: Sequence[entities.Rendition]
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """The reply of one service: photos that are in the library, and others with their picture keys."""

    own: list[int]
    others: list[tuple[str, entities.Photo]]


def can_search(account: LinkedAccount) -> bool:
    """Whether the account's service is able to, by its kind."""
    kind = kinds().get(account.kind)
    return kind is not None and (
        issubclass(kind.service, TagSearch) or issubclass(kind.service, PublicSearch)
    )


def search_service(account: LinkedAccount, query: SearchQuery) -> SearchResults:
    """Raises ProviderError and NoReply."""
    photos = ask(
        account,
        Query(limits=SEARCH, name="search", arguments=(query,), work=lambda service: _search(service, query)),
    )
    by_id = {photo.remote_id: photo for photo in photos}
    rows = Photo.objects.filter(account=account, remote_id__in=by_id).values_list("remote_id", "pk")
    own = dict(rows)
    others = [photo for key, photo in by_id.items() if key not in own]
    keys = picture_keys(account, others)
    return SearchResults(own=list(own.values()), others=list(zip(keys, others, strict=True)))


def _search(service: PhotoService, query: SearchQuery) -> tuple[entities.Photo, ...]:
    found = islice(_matching(service, query), _MOST)
    return tuple(replace(photo, raw="") for photo in found)


def _matching(service: PhotoService, query: SearchQuery) -> Iterable[entities.Photo]:
    if isinstance(service, TagSearch) and not query.words:
        return service.photos_by_tags(query.tags)
    if isinstance(service, PublicSearch):
        return service.search([*query.words, *query.tags])
    if isinstance(service, TagSearch):
        return service.photos_by_tags([*query.tags, *query.words])
    return ()


def picture_keys(account: LinkedAccount, photos: Sequence[entities.Photo]) -> list[str]:
    """A picture key for each photo; for an hour its owner may fetch the picture by it."""
    keys = [_found_key(account, photo) for photo in photos]
    found = {
        _cache_key(account.user_id, key): FoundPhoto(
            account_pk=account.pk, renditions=photo.renditions, width=photo.width, height=photo.height
        )
        for key, photo in zip(keys, photos, strict=True)
    }
    cache.set_many(found, _PICTURE_SECONDS)
    return keys


def _found_key(account: LinkedAccount, photo: entities.Photo) -> str:
    named = f"{account.pk}:{photo.remote_id}:{[part.url for part in photo.renditions]}"
    digest = salted_hmac("gallery.library.found", named, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:18]).decode()


def found_photo(user: Viewer, key: str) -> FoundPhoto | None:
    """The photo behind a key that this person was given."""
    found: FoundPhoto | None = cache.get(_cache_key(user.pk, key))
    return found


def _cache_key(user_pk: int | None, key: str) -> str:
    return f"found:{user_pk}:{key}"
