"""Replies of services as strings that are ready to print; pictures come through the picture proxy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gallery.accounts.models import LinkedAccount
from gallery.explore.page_urls import album_url, person_url, photo_url, tag_url
from gallery.library.cards import Card
from gallery.library.models import Photo
from gallery.library.photo_lists import PhotoList
from gallery.library.picture_urls import found_sources, shape
from gallery.library.search.remote import picture_keys
from gallery.library.tiles import UNKNOWN_RATIO, Tile, colour_class, ratio_class
from gallery.presentation.dates import month_text
from gallery.presentation.numbers import albums_text, photos_text
from providers.contract import entities


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCard:
    name: str
    url: str
    facts: str
    picture: Tile | None


def tiles(account: LinkedAccount, photos: Sequence[entities.Photo]) -> list[Tile]:
    """One's own photos lead to their pages in the gallery, others' to theirs here."""
    own = own_photos(account, [photo.remote_id for photo in photos])
    others = [photo for photo in photos if photo.remote_id not in own]
    keys = dict(zip([photo.remote_id for photo in others], picture_keys(account, others), strict=True))
    return [own.get(photo.remote_id) or other_tile(account, photo, keys[photo.remote_id]) for photo in photos]


def own_photos(account: LinkedAccount, remote_ids: Sequence[str]) -> dict[str, Tile]:
    """Those that lie in the person's library, by any of their accounts on this server."""
    mine = Photo.objects.filter(
        account__user_id=account.user_id, account__provider_id=account.provider_id, remote_id__in=remote_ids
    )
    remote_id_of = dict(mine.values_list("pk", "remote_id"))
    if not remote_id_of:
        return {}
    photos = PhotoList(Photo.objects.filter(owner_id=account.user_id, pk__in=remote_id_of))
    rows, _next = photos.page(size=len(remote_id_of))
    return {remote_id_of[row.pk]: photos.tile(row) for row in rows}


def other_tile(account: LinkedAccount, photo: entities.Photo, key: str) -> Tile:
    src, srcset = found_sources(key, photo.width)
    proportion = ratio_class(photo.width, photo.height)
    width, height = shape(photo.width, photo.height, proportion)
    name = photo.title or photo.filename or _("Untitled")
    by = _("%(title)s, by %(name)s") % {"title": name, "name": photo.owner_name}
    return Tile(
        url=photo_url(account.pk, photo.remote_id),
        src=src,
        srcset=srcset,
        alt=by if photo.owner_name else name,
        name=name,
        ratio_class=proportion,
        colour_class=colour_class(*photo.colour) if photo.colour else "",
        width=width,
        height=height,
    )


def _pictures(account: LinkedAccount, urls: Sequence[str]) -> list[Tile | None]:
    """Pictures of which the address is all that is known."""
    drawn = [entities.Photo(remote_id="", renditions=(entities.Rendition(url=url),)) for url in urls if url]
    keys = iter(picture_keys(account, drawn))
    return [_picture(next(keys)) if url else None for url in urls]


def _picture(key: str) -> Tile:
    src, srcset = found_sources(key, None)
    return Tile(url="", src=src, srcset=srcset, alt="", name="", ratio_class=UNKNOWN_RATIO,
                colour_class="", width=4, height=3)  # fmt: skip


def album_cards(account: LinkedAccount, albums: Sequence[entities.Album]) -> list[Card]:
    covers = _pictures(account, [album.cover_url for album in albums])
    return [
        Card(
            url=album_url(account.pk, album.owner_name, album.remote_id) or "#",
            name=album.title or _("Untitled"),
            facts=_album_facts(album),
            covers=[cover] if cover else [],
        )
        for album, cover in zip(albums, covers, strict=True)
    ]


def _album_facts(album: entities.Album) -> str:
    facts = [
        album.owner_name,
        photos_text(album.photo_count) if album.photo_count is not None else "",
        month_text(album.created_at),
    ]
    return ", ".join(fact for fact in facts if fact)


def people_cards(account: LinkedAccount, people: Sequence[entities.Profile]) -> list[PersonCard]:
    pictures = _pictures(account, [person.avatar_url for person in people])
    return [
        PersonCard(
            name=person.username,
            url=person_url(account.pk, person.username),
            facts=person_facts(person),
            picture=picture,
        )
        for person, picture in zip(people, pictures, strict=True)
    ]


def person_facts(person: entities.Profile) -> str:
    facts = []
    if person.photo_count is not None:
        facts.append(photos_text(person.photo_count))
    if person.album_count is not None:
        facts.append(albums_text(person.album_count))
    if person.created_at:
        facts.append(_("member since %(day)s") % {"day": month_text(person.created_at)})
    return ", ".join(facts)


def tag_links(account: LinkedAccount, tags: Sequence[str]) -> list[Mapping[str, Any]]:
    return [{"name": tag, "url": tag_url(account.pk, tag)} for tag in tags if tag.strip()]
