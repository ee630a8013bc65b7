"""A person of a service: their page, their albums, and one of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from gallery.accounts.models import LinkedAccount
from gallery.explore import queries
from gallery.explore.album_passwords import password_of, save_password
from gallery.explore.cards import album_cards, people_cards, tag_links
from gallery.explore.lists import at_page, photo_list
from gallery.explore.page_urls import album_key_url, album_url, person_url
from gallery.explore.parts import Part, show
from gallery.explore.request_data import account_of, named, page_of, plain
from gallery.presentation.names import app_name
from gallery.remote.ask import Query
from providers.contract.base import PublicProfile
from providers.contract.entities import Album

_ALBUMS_ON_PERSON_PAGE = 5


@require_GET
def person(request: HttpRequest, pk: int, username: str) -> HttpResponse:
    """Who they are, their tags, some of their albums, and their photos."""
    account, name, page = account_of(request, pk, PublicProfile), named(username), page_of(request)
    path = person_url(pk, name)
    parts = [photo_list(account, queries.photos_of(name, page), path, {}, page, heading=_("Photos"))]
    parts[0].is_subject = page > 1
    if page == 1:
        parts += [
            _about(account, name, path),
            _albums(account, name, 1, path, most=_ALBUMS_ON_PERSON_PAGE),
        ]
    return show(request, "explore/person.html", _head(account, name), parts)


def _head(account: LinkedAccount, username: str) -> dict[str, Any]:
    return {
        "account": account,
        "service": app_name(account.provider_id),
        "username": username,
        "person_url": person_url(account.pk, username),
    }


def _about(account: LinkedAccount, username: str, path: str) -> Part:
    def present(reply: queries.Person) -> dict[str, Any]:
        return {
            "person": people_cards(account, [reply.profile])[0],
            "page_url": web_address(reply.profile.page_url),
            "tags": tag_links(account, reply.tags),
        }

    return Part(
        name="about",
        account=account,
        query=queries.person(username),
        template="explore/_about.html",
        present=present,
        address=path,
        is_subject=True,
    )


def _albums(account: LinkedAccount, username: str, page: int, path: str, *, most: int | None = None) -> Part:
    all_url = f"{path}albums/" if most else path

    def present(reply: queries.Albums) -> dict[str, Any]:
        is_cut = most is not None and (len(reply.albums) > most or reply.next_page)
        next_url = at_page(path, {}, reply.next_page) if reply.next_page and not most else ""
        return {
            "cards": album_cards(account, reply.albums[:most]),
            "all_url": all_url if is_cut else "",
            "url": next_url,
            "label": _("More albums"),
        }

    return Part(
        name="albums",
        account=account,
        query=queries.albums_of(username, page),
        template="explore/_albums.html",
        present=present,
        address=at_page(path, {}, page) if not most else path,
        heading=_("Albums"),
        is_subject=not most,
    )


@require_GET
def albums(request: HttpRequest, pk: int, username: str) -> HttpResponse:
    """All albums of a person."""
    account, name, page = account_of(request, pk, PublicProfile), named(username), page_of(request)
    path = f"{person_url(pk, name)}albums/"
    return show(request, "explore/albums.html", _head(account, name), [_albums(account, name, page, path)])


@require_GET
def album(request: HttpRequest, pk: int, username: str, album_id: str) -> HttpResponse:
    """An album of a person: its title and its photos."""
    account, name, page = account_of(request, pk, PublicProfile), named(username), page_of(request)
    which = named(album_id)
    path, key = album_url(pk, name, which), password_of(account, name, which)
    photos = photo_list(account, queries.photos_of_album(name, which, page, key), path, {}, page)
    photos.key_url, photos.was_tried = album_key_url(pk, name, which), bool(key.mark)
    photos.is_subject = True
    parts = [photos]
    if page == 1:
        parts.append(_album_head(account, queries.album(name, which), path))
    return show(request, "explore/album.html", _head(account, name), parts)


@sensitive_post_parameters("password")
@require_POST
def album_key(request: HttpRequest, pk: int, username: str, album_id: str) -> HttpResponse:
    """Saves, for one's own account, the password of somebody's album; its page then asks with it."""
    account, name, which = account_of(request, pk, PublicProfile), named(username), named(album_id)
    if password := plain(request.POST.get("password", ""), 100):
        save_password(account, name, which, password)
    return redirect(album_url(pk, name, which))


def _album_head(account: LinkedAccount, query: Query[Album], path: str) -> Part:
    def present(reply: Album) -> dict[str, Any]:
        return {
            "album": reply,
            "person_url": person_url(account.pk, reply.owner_name),
            "page_url": web_address(reply.page_url),
        }

    return Part(
        name="head",
        account=account,
        query=query,
        template="explore/_album_head.html",
        frame="explore/_album_head.html",
        present=present,
        address=path,
    )


def web_address(url: str) -> str:
    """An address that may be linked to; a service could send anything."""
    return url if url.startswith(("http://", "https://")) else ""
