"""How a sync walks through a service: newest first, or album by album; then the collections.

Rows are removed only after a listing that saw everything (docs/flows/sync.md).
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.jobs.lease import is_dated_before
from gallery.library.models import Album, AlbumPhoto, Photo
from gallery.library.store import albums as album_writing
from gallery.library.store import removal
from gallery.library.store.photos import BATCH, write_photos
from providers.contract import entities
from providers.contract.base import CollectionLibrary, PhotoService, RecentListing
from providers.contract.errors import NotFound, ProtocolError
from providers.contract.paging import Listing

_FIRST_LOOK = 50  # photos: a page of most services
T = TypeVar("T")


class Run(Protocol):
    """One sync on its way (run.py)."""

    account: LinkedAccount
    is_complete: bool
    finished_albums: list[str]
    listed_count: int
    unlisted_count: int

    def check(self) -> None: ...

    def begin_counting(self, total: int | None) -> None: ...

    def advance(self, count: int) -> None: ...

    def finish_album(self, remote_id: str) -> None: ...

    def finish_listed(self, count: int) -> None: ...


def follow(run: Run, service: PhotoService) -> None:
    """Bring the library of one account up to date. Raises ProviderError, LeaseLost."""
    listed = list(service.albums())
    run.check()
    albums = album_writing.write_all_albums(run.account, listed)
    if isinstance(service, RecentListing):
        _follow_newest(run, service)
    else:
        _follow_albums(run, service, albums)
    if isinstance(service, CollectionLibrary):
        _follow_collections(run, service)


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def _follow_newest(run: Run, service: RecentListing) -> None:
    photos = service.newest()
    if run.listed_count:
        _knows_the_rest(run, photos)  # what came meanwhile is here, even if the rest breaks again
        may_stop = _go_on(run, photos)
        photos = service.newest()
    else:
        may_stop = not run.is_complete
    if may_stop and _knows_the_rest(run, photos):
        return
    run.is_complete = True
    _list_everything(run, service)


def _knows_the_rest(run: Run, photos: Listing[entities.Photo]) -> bool:
    """Write what is new on top; whether there is nothing else, as the totals agree."""
    pending = 0
    for batch in _batches(photos, _FIRST_LOOK):
        run.check()
        is_changed = write_photos(run.account, batch).is_changed
        pending += sum(photo.is_pending for photo in batch)
        if not is_changed:
            break
    total = photos.total
    return total is not None and _photo_count(run.account) == total - pending - run.unlisted_count


def _go_on(run: Run, photos: Listing[entities.Photo]) -> bool:
    """List what a sync that broke off had not come to; whether all that were counted are here then.

    They are not where some went meanwhile: as many others moved up past us. That the list begins with
    a page already seen keeps those that went before from making up for those in the count.
    """
    total, pending = photos.total, 0
    run.begin_counting(total)
    run.advance(run.listed_count)
    for batch in _batches(photos.since(run.listed_count), BATCH):
        run.check()
        write_photos(run.account, batch)
        pending += sum(photo.is_pending for photo in batch)
        run.finish_listed(run.listed_count + len(batch))
        run.advance(len(batch))
    return total is not None and _photo_count(run.account) == total - pending - run.unlisted_count


def _list_everything(run: Run, service: RecentListing) -> None:
    started_at, photos = timezone.now(), service.newest()  # what was asked before may be out of date
    total, processed, pending, listed = photos.total, set[int](), 0, 0
    run.begin_counting(total)
    for batch in _batches(photos, BATCH):
        run.check()
        processed.update(write_photos(run.account, batch).pks)
        pending += sum(photo.is_pending for photo in batch)
        listed += len(batch)
        run.finish_listed(listed)
        run.advance(len(batch))
    unlisted = 0 if total is None else total - pending - len(processed)
    # Fewer than were counted, and than were missing before: a page was lost, or photos went while we
    # looked and others moved up past us. What is missing the next time as well is gone.
    is_whole = unlisted <= run.unlisted_count
    run.unlisted_count = unlisted
    if is_whole:
        known = Photo.objects.filter(is_dated_before("added_at", started_at), account=run.account)
        _remove_others(run, known, processed)


def _photo_count(account: LinkedAccount) -> int:
    account.refresh_from_db(fields=["photo_count"])
    return account.photo_count


def _remove_others(run: Run, photos: "QuerySet[Photo]", processed: set[int]) -> None:
    gone = [pk for pk in photos.values_list("pk", flat=True) if pk not in processed]
    run.check()
    removal.remove_photos(run.account, gone)


def _follow_albums(run: Run, service: PhotoService, albums: list[tuple[entities.Album, Album]]) -> None:
    started_at = timezone.now()
    wanted = [(remote, row) for remote, row in albums if _is_to_be_listed(run, remote, row)]
    run.begin_counting(sum(remote.photo_count or 0 for remote, _ in wanted))
    broken: ProtocolError | None = None
    for remote, row in wanted:
        try:
            _follow_album(run, service, remote, row)
        except ProtocolError as error:  # the others do not wait for it
            broken = broken or error
    if broken:
        raise broken
    # Each photo lies in an album there. One that has no place left may have moved into an album that looks
    # unchanged, as another left it: only when all are listed it is gone.
    homeless = Photo.objects.filter(is_dated_before("added_at", started_at), account=run.account, places=None)
    listed = {row.pk for _, row in wanted}
    for remote, row in albums:
        if row.pk not in listed and homeless.exists():
            _follow_album(run, service, remote, row)
    _remove_others(run, homeless, set())


def _is_to_be_listed(run: Run, remote: entities.Album, row: Album) -> bool:
    """Whether the album may hold something else than when it was last listed whole."""
    if remote.photo_count is None or remote.title != row.listed_title:
        return True
    is_same = remote.photo_count == row.remote_photo_count
    return not is_same or (run.is_complete and remote.remote_id not in run.finished_albums)


def _follow_album(run: Run, service: PhotoService, remote: entities.Album, row: Album) -> None:
    started_at, processed = timezone.now(), set[int]()
    try:
        for batch in _batches(service.photos(remote.remote_id), BATCH):
            run.check()
            processed.update(write_photos(run.account, batch, album=row).pks)
            run.advance(len(batch))
    except NotFound:
        return  # it went between two calls: the next sync misses it in the list of albums
    if remote.photo_count and not processed:
        raise ProtocolError(
            "an album that counts photos shows none", provider=run.account.kind, operation="photos"
        )
    run.check()
    places = AlbumPhoto.objects.filter(is_dated_before("photo__added_at", started_at), album=row)
    removal.remove_places(
        row, [pk for pk in places.values_list("photo_id", flat=True) if pk not in processed]
    )
    album_writing.note_listed(row, remote)
    run.finish_album(remote.remote_id)


def _follow_collections(run: Run, service: CollectionLibrary) -> None:
    rows = {row.remote_id: row for row in run.account.collections.all()}
    collections = {collection.remote_id: collection for collection in service.collections()}
    for remote_id, collection in collections.items():
        albums = [album.remote_id for album in service.collection_albums(remote_id)]
        run.check()
        album_writing.write_collection(run.account, collection, albums, rows.get(remote_id))
    album_writing.remove_collections_except(run.account, set(collections))
