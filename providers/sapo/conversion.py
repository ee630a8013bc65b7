"""SAPO's records as the entities that every service shares; `synopse` and its kin end here."""

import re
from datetime import UTC, datetime

from providers.contract.entities import Album, Collection, Comment, Photo, Profile, Rendition
from providers.sapo import records
from providers.sapo.protocol import DATE_FORMAT, INBOX_ALBUM_TITLE, MEDIA_TYPES, TIME_ZONE, Order
from providers.sapo.protocol_tables import ORIGINAL_SIZE
from providers.sapo.stored_urls import Addresses

_PLAIN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
# The orders of `base.TAG_ORDERS` as the service calls them.
ORDERS = {
    "newest": Order.NEWEST,
    "oldest": Order.OLDEST_PICTURES,
    "title": Order.ALPHABETICAL,
    "viewed": Order.RELEVANCE,
}


def to_photo(image: records.Image, at: Addresses, *, is_partial: bool = False) -> Photo:
    """`is_partial`: as a list tells it, which leaves out comments and rating (sapo.md, ImageDetails)."""
    original = next((view for view in image.views if view.size == ORIGINAL_SIZE), None)
    return Photo(
        remote_id=image.uid,
        title=image.title,
        subtitle=image.subtitle,
        description=image.synopse,
        created_at=to_utc(image.creation_date),
        media_type=MEDIA_TYPES.get(image.format, ""),
        width=_side(original.actual_width, original.request_width) if original else None,
        height=_side(original.actual_height, original.request_height) if original else None,
        tags=image.tags,
        rating=image.rating,
        view_count=image.visualizations,
        comments=tuple(_to_comment(comment) for comment in image.comments),
        is_adult=bool(image.m18),
        is_active=image.active is not False,
        has_password=bool(image.password),
        is_pending=bool(image.pending),
        is_partial=is_partial,
        colour=image.avg_color or image.ref_color,
        owner_name=image.user.username if image.user else "",
        page_url=at.page(image.url),
        album_ids=image.album_ids,
        renditions=tuple(_to_rendition(view, at) for view in image.views if view.url),
        raw=image.raw,
    )


def to_album(album: records.Album, at: Addresses) -> Album:
    return Album(
        remote_id=album.id,
        title=album.title,
        description=album.description,
        created_at=to_utc(album.creation_date),
        cover_url=at.stored(album.cover),
        page_url=at.page(album.url),
        is_active=album.active is not False,
        has_password=bool(album.password),
        is_inbox=album.title == INBOX_ALBUM_TITLE,
        owner_name=album.user.username if album.user else "",
        raw=album.raw,
    )


def to_collection(collection: records.Collection, at: Addresses) -> Collection:
    return Collection(
        remote_id=collection.id,
        title=collection.title,
        description=collection.description,
        created_at=to_utc(collection.creation_date),
        cover_url=at.stored(collection.cover),
        page_url=at.page(collection.url),
        raw=collection.raw,
    )


def to_profile(user: records.User, at: Addresses) -> Profile:
    return Profile(
        remote_id=user.username,
        username=user.username,
        avatar_url=at.stored(user.avatar),
        page_url=at.page(user.url),
        created_at=to_utc(user.creation_date),
        photo_count=user.image_count,
        album_count=user.album_count,
    )


def to_utc(local: str) -> datetime | None:
    """A date of the service, which is Portugal's local time; None when it is not one.

    Of the hour that is there twice in autumn, the first.
    """
    try:
        # As the service writes it; strptime takes twenty times as long.
        is_plain = _PLAIN_DATE.fullmatch(local)
        moment = datetime.fromisoformat(local) if is_plain else datetime.strptime(local, DATE_FORMAT)
        return moment.replace(tzinfo=TIME_ZONE).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _to_rendition(view: records.View, at: Addresses) -> Rendition:
    """The box that was asked for is the limit; the original has none."""
    if view.size == ORIGINAL_SIZE:
        return Rendition(url=at.stored(view.url))
    return Rendition(url=at.stored(view.url), max_width=view.request_width, max_height=view.request_height)


def _to_comment(comment: records.Comment) -> Comment:
    return Comment(
        author=comment.nickname,
        body=comment.body,
        website=comment.website,
        written_at=to_utc(comment.date),
    )


def _side(actual: int | None, requested: int | None) -> int | None:
    """Of the original both are its true size; either may be missing."""
    return actual or requested
