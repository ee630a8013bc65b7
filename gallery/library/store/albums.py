"""Albums and collections into the library; only what differs is written."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.jobs.lease import is_dated_before
from gallery.library.fulltext import terms_of
from gallery.library.models import Album, Collection, CollectionAlbum
from gallery.library.store.columns import address, line, web_address
from gallery.library.store.counters import Tally, writing
from gallery.library.store.removal import remove_albums
from providers.contract import entities

_BATCH = 100


def _remote_fields(remote: entities.Album | entities.Collection) -> dict[str, Any]:
    return {
        "title": line(remote.title, 500),
        "sort_title": " ".join(terms_of(remote.title[:200]))[:200],
        "description": line(remote.description, 100_000),
        "created_at": remote.created_at,
        "page_url": web_address(remote.page_url),
        "cover_url": address(remote.cover_url),
        "raw": remote.raw.replace("\0", ""),
    }


def _album_fields(remote: entities.Album) -> dict[str, Any]:
    return _remote_fields(remote) | {
        "is_inbox": remote.is_inbox,
        "is_active": remote.is_active,
        "has_password": remote.has_password,
    }


def _differs(row: Album | Collection, fields: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in fields.items())


def write_album(account: LinkedAccount, remote: entities.Album) -> Album:
    """The album's row, new or brought up to date."""
    row: Album | None = Album.objects.filter(account=account, remote_id=remote.remote_id).first()
    if row is not None and not _differs(row, _album_fields(remote)):
        return row
    with writing(account.user_id) as tally:
        return _write(account, remote, tally)


def _write(account: LinkedAccount, remote: entities.Album, tally: Tally) -> Album:
    fields = _album_fields(remote)
    stored: tuple[Album, bool] = Album.objects.update_or_create(
        account=account,
        remote_id=remote.remote_id,
        defaults=fields,
        create_defaults={**fields, "owner_id": account.user_id},
    )
    tally.albums[account.pk] += stored[1]
    return stored[0]


def write_all_albums(
    account: LinkedAccount, remote_albums: Iterable[entities.Album]
) -> list[tuple[entities.Album, Album]]:
    """All albums of the account, with their rows; those that are not told any more are removed."""
    started_at = timezone.now()
    listed = {album.remote_id: album for album in remote_albums}
    rows = {row.remote_id: row for row in Album.objects.filter(account=account)}
    differing = (
        album for key, album in listed.items() if key not in rows or _differs(rows[key], _album_fields(album))
    )
    while batch := list(islice(differing, _BATCH)):
        with writing(account.user_id) as tally:
            rows |= {album.remote_id: _write(account, album, tally) for album in batch}
    # One that was made here while we listed is not gone: it was not there yet.
    missing = Album.objects.filter(pk__in=[row.pk for key, row in rows.items() if key not in listed])
    if gone := list(missing.filter(is_dated_before("added_at", started_at)).values_list("pk", flat=True)):
        remove_albums(account, gone)
    return [(album, rows[key]) for key, album in listed.items()]


def write_collection(
    account: LinkedAccount, remote: entities.Collection, album_ids: Sequence[str], row: Collection | None
) -> None:
    """A collection and which albums lie in it, in the service's order."""
    albums = dict(
        Album.objects.filter(account=account, remote_id__in=album_ids).values_list("remote_id", "pk")
    )
    wanted = list(dict.fromkeys(albums[remote_id] for remote_id in album_ids if remote_id in albums))
    fields = _remote_fields(remote) | {"album_count": len(wanted)}
    had = list(row.places.values_list("album_id", flat=True)) if row else []
    if row is not None and had == wanted and not _differs(row, fields):
        return
    with writing(account.user_id):
        collection, _ = Collection.objects.update_or_create(
            account=account,
            remote_id=remote.remote_id,
            defaults=fields,
            create_defaults=fields | {"owner_id": account.user_id},
        )
        if had != wanted:
            collection.places.all().delete()
            CollectionAlbum.objects.bulk_create(
                CollectionAlbum(collection=collection, album_id=pk, position=position)
                for position, pk in enumerate(wanted)
            )


def remove_collections_except(account: LinkedAccount, remote_ids: set[str]) -> None:
    rows = Collection.objects.filter(account=account)
    gone = [pk for pk, key in rows.values_list("pk", "remote_id") if key not in remote_ids]
    if gone:
        with writing(account.user_id):
            Collection.objects.filter(pk__in=gone).delete()


def note_listed(album: Album, remote: entities.Album) -> None:
    """All photos of the album were listed while it stood like this: until it changes, not again."""
    listed = {"remote_photo_count": remote.photo_count, "listed_title": line(remote.title, 500)}
    if _differs(album, listed):
        Album.objects.filter(pk=album.pk).update(**listed)
