"""Pages of photos, cached until anything about their owner's photos changes.

`Person.page_version` counts those changes and is part of the key, so that a page which was hidden,
edited or deleted is never shown again. View counts may be a minute old. Only what is requested again
within a minute is cached: a program that lists an account requests each of its pages once.
"""

import marshal
from collections.abc import Callable

from django.core.cache import cache

from providers.sapo.server.auth.keys import digest
from providers.sapo.server.models import Person
from providers.sapo.server.wire.fields import Field

_SECONDS = 60
_REQUESTED_ONCE = b""  # stands for a page that was requested once


def cached_page(owner: Person, name: tuple[object, ...], build: Callable[[], list[Field]]) -> list[Field]:
    """What `build` returned for this page of `owner`; `name` holds all that it depends on besides."""
    key = "sapo-page:" + digest(repr((owner.pk, owner.page_version, *name)))
    cached = cache.get(key)
    if cached:
        fields: list[Field] = marshal.loads(cached)  # noqa: S302  (our own bytes; five times faster than pickle)
        return fields
    built = build()
    cache.set(key, _REQUESTED_ONCE if cached is None else marshal.dumps(built), _SECONDS)
    return built
