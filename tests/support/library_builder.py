"""What tests of the library share: accounts, syncs of a plain service, and recounting by hand."""

from collections import Counter
from unittest.mock import patch

from django.contrib.auth.models import User
from django.db.models import Count

from gallery.accounts.models import LinkedAccount
from gallery.library import services
from gallery.library.models import Album, Collection, Month, Photo, Tag, Timeline
from providers.contract.base import PhotoService
from tests.support import jobs


def link(user: User, remote_id: str = "", **changes: object) -> LinkedAccount:
    """An account of `user`, linked."""
    remote_id = remote_id or f"{user.username}@plain"
    return LinkedAccount.objects.create(
        user=user, provider_id="plain", kind="plain", remote_id=remote_id, label=remote_id, **changes
    )


def sync_with(account: LinkedAccount, service: PhotoService, *, is_complete: bool = False) -> None:
    """One sync, asked for and done, of an account whose key opens `service`."""
    services.request_sync(account, is_complete=is_complete)
    with patch("gallery.accounts.services.open_service", return_value=service):
        jobs.sync_account(account.pk)
    account.refresh_from_db()


def assert_counters_are_right(user: User) -> None:
    """Each stored counter against a count of the rows."""
    photos = Photo.objects.filter(owner=user)
    timeline = Timeline.objects.get(pk=user.pk)
    assert timeline.photo_count == photos.count()
    for account in LinkedAccount.objects.filter(user=user):
        assert account.photo_count == photos.filter(account=account).count()
        assert account.album_count == Album.objects.filter(account=account).count()
    for album in Album.objects.filter(owner=user):
        dates = sorted(album.places.values_list("taken_at", "photo_id"))
        assert album.photo_count == len(dates)
        assert (album.cover_id, album.first_taken_at) == (
            (dates[-1][1], dates[0][0]) if dates else (None, None)
        )
        assert dates == sorted((place.photo.taken_at, place.photo_id) for place in album.places.all())
    for tag in Tag.objects.filter(owner=user).annotate(found=Count("rows")):
        assert tag.photo_count == tag.found > 0
    for photo in photos:
        assert {row.tag.name for row in photo.tag_rows.all()} == set(photo.tag_names)
        assert {row.taken_at for row in photo.tag_rows.all()} <= {photo.taken_at}
    for collection in Collection.objects.filter(owner=user):
        assert collection.album_count == collection.places.count()
    months = Counter(
        (taken_at.year, taken_at.month) for taken_at in photos.values_list("taken_at", flat=True)
    )
    saved = {(row.year, row.month): row.photo_count for row in Month.objects.filter(owner=user)}
    assert saved == months
