"""What a kind of service takes and stores of a draft, so that a page can say beforehand what will not be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from providers.contract.entities import Draft, Visibility
from providers.contract.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepts:
    """What a service takes; tests/providers/contract_drafts.py holds it to each word of this.

    `fields` names the fields of `Draft` that come back with the photo; `text_limits` says after how many
    letters a text is refused. `visibilities` are those that a draft may ask for (None, the service's own,
    always may). `max_bytes` and `max_pixels` are None where the service, or the account, decides.

    `has_default_place`: a draft without an album is stored somewhere all the same. `shown_within`: a
    service may say yes first and show the photo later; what is not shown so long after its yes never is.
    """

    fields: frozenset[str]
    media_types: tuple[str, ...]
    visibilities: frozenset[Visibility] = frozenset()
    text_limits: Mapping[str, int] = field(default_factory=dict)
    max_bytes: int | None = None
    max_pixels: int | None = None
    has_default_place: bool = True
    shown_within: timedelta = timedelta(0)


# What a person gave to be stored; the other fields of a draft describe the file.
STORED_FIELDS = (
    "filename", "title", "subtitle", "description", "tags", "album_id", "taken_at", "is_adult",
)  # fmt: skip


def refused(draft: Draft, accepts: Accepts) -> tuple[str, ...]:
    """The fields for which the service will not take this draft at all."""
    pixels = (draft.width or 0) * (draft.height or 0)
    reasons = {
        "media_type": draft.media_type not in accepts.media_types,
        "byte_size": _is_above(draft.byte_size, accepts.max_bytes),
        "width": _is_above(pixels, accepts.max_pixels),
        "album_id": not draft.album_id and not accepts.has_default_place,
        "visibility": draft.visibility is not None and draft.visibility not in accepts.visibilities,
    }
    too_long = [
        name for name, limit in accepts.text_limits.items() if _is_above(len(getattr(draft, name)), limit)
    ]
    return (*(name for name, is_so in reasons.items() if is_so), *too_long)


def not_stored(draft: Draft, accepts: Accepts) -> tuple[str, ...]:
    """The fields that the draft fills and the photo will be without, though the service takes it. Offered to
    other programs."""
    return tuple(name for name in STORED_FIELDS if getattr(draft, name) and name not in accepts.fields)


def check(draft: Draft, accepts: Accepts, provider: str) -> None:
    """Raises Refused, its code the field, for a draft whose photo would be seen by the wrong people or lie
    nowhere. Each `begin_upload` begins with it; what else is too much the service says itself."""
    for name in ("visibility", "album_id"):
        if name in refused(draft, accepts):
            raise Refused(f"not with this {name}", provider=provider, operation="begin_upload", code=name)


def _is_above(value: int, limit: int | None) -> bool:
    return limit is not None and value > limit
