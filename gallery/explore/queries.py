"""The questions of the explore pages, and what services answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from gallery.accounts.models import LinkedAccount
from gallery.explore.album_passwords import Opening
from gallery.explore.asking import Question, remember
from gallery.explore.searching import Asked, Found, bare, look_for, one_page, owned_by
from providers.contract.base import Highlights, PhotoService, PublicProfile, TagSearch
from providers.contract.entities import Album, Comment, Photo, Profile

_MOST_HIGHLIGHTS, _MOST_TAGS = 24, 60
_ALBUMS_LOOKED_THROUGH = 100  # for an album's title, which the list of its photos does not tell


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


def highlights() -> Question:
    def work(service: PhotoService) -> PutForward:
        assert isinstance(service, Highlights)
        albums = service.highlighted_albums().page(1).items[:_MOST_HIGHLIGHTS]
        return PutForward(
            albums=tuple(replace(album, raw="") for album in albums),
            people=service.highlighted_people().page(1).items[:_MOST_HIGHLIGHTS],
            tags=tuple(service.highlighted_tags())[:_MOST_TAGS],
        )

    return Question(name="highlights", work=work)


def person(username: str) -> Question:
    def work(service: PhotoService) -> Person:
        assert isinstance(service, PublicProfile)
        return Person(profile=service.profile(username), tags=tuple(service.tags_of(username))[:_MOST_TAGS])

    return Question(name="person", arguments=(username,), work=work)


def albums_of(username: str, page: int) -> Question:
    def work(service: PhotoService) -> Albums:
        assert isinstance(service, PublicProfile)
        told = service.albums_of(username).page(page)
        albums = tuple(replace(album, raw="", owner_name=username) for album in told.items)
        is_last = not told.items or page >= told.page_count
        return Albums(albums=albums, next_page=0 if is_last else page + 1)

    return Question(name="albums", arguments=(username, page), work=work)


def album(username: str, album_id: str) -> Question:
    """The album itself; without a title where it is not among the first of its owner's."""

    def work(service: PhotoService) -> Album:
        assert isinstance(service, PublicProfile)
        near = islice(service.albums_of(username), _ALBUMS_LOOKED_THROUGH)
        found = next((one for one in near if one.remote_id == album_id), None)
        found = found or Album(remote_id=album_id, title="")
        return replace(found, raw="", owner_name=username)

    return Question(name="album", arguments=(username, album_id), work=work)


def photos_of(username: str, page: int) -> Question:
    def work(service: PhotoService) -> Found:
        assert isinstance(service, PublicProfile)
        return owned_by(username, one_page(service.photos_of(username), page))

    return Question(name="photos", arguments=(username, page), work=work)


def photos_of_album(username: str, album_id: str, page: int, opening: Opening) -> Question:
    def work(service: PhotoService) -> Found:
        assert isinstance(service, PublicProfile)
        photos = service.photos_of_album(username, album_id, password=opening.password)
        return owned_by(username, one_page(photos, page))

    return Question(name="album photos", arguments=(username, album_id, page, opening.mark), work=work)


def tagged(tag: str, page: int, *, order: str, adult: bool) -> Question:
    def work(service: PhotoService) -> Found:
        assert isinstance(service, TagSearch)
        return one_page(service.photos_by_tags([tag], adult=adult, order=order), page)

    return Question(name="tag", arguments=(tag, page, order, adult), work=work)


def searched(asked: Asked, page: int) -> Question:
    return Question(
        name="search", arguments=(asked, page), work=lambda service: look_for(service, asked, page)
    )


def photo(remote_id: str) -> Question:
    def work(service: PhotoService) -> Photo:
        assert isinstance(service, PublicProfile)
        return bare(service.public_photo(remote_id))

    return Question(name="photo", arguments=(remote_id,), work=work)


def comments(remote_id: str) -> Question:
    """What people wrote under a photo: lists leave it out, so it is a question of its own."""

    def work(service: PhotoService) -> tuple[Comment, ...]:
        assert isinstance(service, PublicProfile)
        return service.public_photo(remote_id).comments

    return Question(name="comments", arguments=(remote_id,), work=work)


def remember_photos(account: LinkedAccount, photos: Sequence[Photo]) -> None:
    """A list tells of each photo what its page shows: opened next, it is there at once."""
    remember(account, [(photo(one.remote_id), one) for one in photos])
