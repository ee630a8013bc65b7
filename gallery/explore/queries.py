"""What the explore pages ask services, and the replies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from gallery.accounts.models import LinkedAccount
from gallery.explore.album_passwords import AlbumPassword
from gallery.explore.searching import PhotoPage, SearchQuery, bare, one_page, owned_by, search
from gallery.remote.ask import Query, cache_replies
from gallery.remote.limits import EXPLORE
from providers.contract.base import Highlights, PhotoService, PublicProfile, TagSearch
from providers.contract.entities import Album, Comment, Photo, Profile

_MOST_HIGHLIGHTS, _MOST_TAGS = 24, 60
_ALBUMS_SEARCHED = 100  # for an album's title, which the list of its photos leaves out


@dataclass(frozen=True, slots=True, kw_only=True)
class PutForward:
    """What a service puts forward."""

    albums: tuple[Album, ...]
    people: tuple[Profile, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    profile: Profile
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Albums:
    """A page of a person's albums; `next_page` is 0 at the end."""

    albums: tuple[Album, ...]
    next_page: int


def highlights() -> Query[PutForward]:
    def work(service: PhotoService) -> PutForward:
        assert isinstance(service, Highlights)
        albums = service.highlighted_albums().page(1).items[:_MOST_HIGHLIGHTS]
        return PutForward(
            albums=tuple(replace(album, raw="") for album in albums),
            people=service.highlighted_people().page(1).items[:_MOST_HIGHLIGHTS],
            tags=tuple(service.highlighted_tags())[:_MOST_TAGS],
        )

    return Query(limits=EXPLORE, name="highlights", work=work)


def person(username: str) -> Query[Person]:
    def work(service: PhotoService) -> Person:
        assert isinstance(service, PublicProfile)
        return Person(profile=service.profile(username), tags=tuple(service.tags_of(username))[:_MOST_TAGS])

    return Query(limits=EXPLORE, name="person", arguments=(username,), work=work)


def albums_of(username: str, page: int) -> Query[Albums]:
    def work(service: PhotoService) -> Albums:
        assert isinstance(service, PublicProfile)
        page_of_albums = service.albums_of(username).page(page)
        albums = tuple(replace(album, raw="", owner_name=username) for album in page_of_albums.items)
        is_last = not page_of_albums.items or page >= page_of_albums.page_count
        return Albums(albums=albums, next_page=0 if is_last else page + 1)

    return Query(limits=EXPLORE, name="albums", arguments=(username, page), work=work)


def album(username: str, album_id: str) -> Query[Album]:
    """The album itself; without a title where it is not among the first of its owner's."""

    def work(service: PhotoService) -> Album:
        assert isinstance(service, PublicProfile)
        near = islice(service.albums_of(username), _ALBUMS_SEARCHED)
        found = next((one for one in near if one.remote_id == album_id), None)
        found = found or Album(remote_id=album_id, title="")
        return replace(found, raw="", owner_name=username)

    return Query(limits=EXPLORE, name="album", arguments=(username, album_id), work=work)


def photos_of(username: str, page: int) -> Query[PhotoPage]:
    def work(service: PhotoService) -> PhotoPage:
        assert isinstance(service, PublicProfile)
        return owned_by(username, one_page(service.photos_of(username), page))

    return Query(limits=EXPLORE, name="photos", arguments=(username, page), work=work)


def photos_of_album(username: str, album_id: str, page: int, key: AlbumPassword) -> Query[PhotoPage]:
    def work(service: PhotoService) -> PhotoPage:
        assert isinstance(service, PublicProfile)
        photos = service.photos_of_album(username, album_id, password=key.password)
        return owned_by(username, one_page(photos, page))

    return Query(
        limits=EXPLORE, name="album photos", arguments=(username, album_id, page, key.mark), work=work
    )


def tagged(tag: str, page: int, *, order: str, adult: bool) -> Query[PhotoPage]:
    def work(service: PhotoService) -> PhotoPage:
        assert isinstance(service, TagSearch)
        return one_page(service.photos_by_tags([tag], adult=adult, order=order), page)

    return Query(limits=EXPLORE, name="tag", arguments=(tag, page, order, adult), work=work)


def searched(query: SearchQuery, page: int) -> Query[PhotoPage]:
    return Query(
        limits=EXPLORE,
        name="search",
        arguments=(query, page),
        work=lambda service: search(service, query, page),
    )


def photo(remote_id: str) -> Query[Photo]:
    def work(service: PhotoService) -> Photo:
        assert isinstance(service, PublicProfile)
        return bare(service.public_photo(remote_id))

    return Query(limits=EXPLORE, name="photo", arguments=(remote_id,), work=work)


def comments(remote_id: str) -> Query[tuple[Comment, ...]]:
    """What people wrote under a photo: lists leave it out, so it is a query of its own."""

    def work(service: PhotoService) -> tuple[Comment, ...]:
        assert isinstance(service, PublicProfile)
        return service.public_photo(remote_id).comments

    return Query(limits=EXPLORE, name="comments", arguments=(remote_id,), work=work)


def cache_photos(account: LinkedAccount, photos: Sequence[Photo]) -> None:
    """A list says of each photo what its page shows: opened next, it is there at once."""
    cache_replies(account, [(photo(one.remote_id), one) for one in photos])
