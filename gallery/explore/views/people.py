"""A person of a service: their page, their albums, and one of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from gallery.accounts.models import LinkedAccount
from gallery.explore import queries
from gallery.explore.album_passwords import keep_password, opening_of
from gallery.explore.asking import Question
from gallery.explore.cards import album_cards, people_cards, tag_links
from gallery.explore.lists import at_page, photo_list
from gallery.explore.page_urls import album_key_url, album_url, person_url
from gallery.explore.parts import Part, show
from gallery.explore.request_data import account_of, named, page_of, plain
from gallery.presentation.names import app_name
from providers.contract.base import PublicProfile
from providers.contract.entities import Album

_ALBUMS_ON_PERSON_PAGE = 5


@require_GET
def person(request: HttpRequest, pk: int, username: str) -> HttpResponse:
    """Who they are, their tags, some of their albums, and their photos."""
    account, name, page = account_of(request, pk, PublicProfile), named(username), page_of(request)
    path = person_url(pk, name)
    parts = [photo_list(account, queries.photos_of(name, page), path, {}, page, heading=_("Photos"))]
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
    def present(answer: queries.Person) -> dict[str, Any]:
        return {
            "person": people_cards(account, [answer.profile])[0],
            "page_url": web_address(answer.profile.page_url),
            "tags": tag_links(account, answer.tags),
        }

    return Part(
        name="about",
        account=account,
        question=queries.person(username),
        template="explore/_about.html",
        present=present,
        address=path,
    )


def _albums(account: LinkedAccount, username: str, page: int, path: str, *, most: int | None = None) -> Part:
    all_url = f"{path}albums/" if most else path

    def present(answer: queries.Albums) -> dict[str, Any]:
        is_cut = most is not None and (len(answer.albums) > most or answer.next_page)
        next_url = at_page(path, {}, answer.next_page) if answer.next_page and not most else ""
        return {
            "cards": album_cards(account, answer.albums[:most]),
            "all_url": all_url if is_cut else "",
            "url": next_url,
            "label": _("More albums"),
        }

    return Part(
        name="albums",
        account=account,
        question=queries.albums_of(username, page),
        template="explore/_albums.html",
        present=present,
        address=at_page(path, {}, page) if not most else path,
        heading=_("Albums"),
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
    path, opening = album_url(pk, name, which), opening_of(account, name, which)
    photos = photo_list(account, queries.photos_of_album(name, which, page, opening), path, {}, page)
    photos.key_url, photos.was_tried = album_key_url(pk, name, which), bool(opening.mark)
    parts = [photos]
    if page == 1:
        parts.append(_album_head(account, queries.album(name, which), path))
    return show(request, "explore/album.html", _head(account, name), parts)


@sensitive_post_parameters("password")
@require_POST
def album_key(request: HttpRequest, pk: int, username: str, album_id: str) -> HttpResponse:
    """Keeps, for one's own account, the password of somebody's album; its page then asks with it."""
    account, name, which = account_of(request, pk, PublicProfile), named(username), named(album_id)
    if password := plain(request.POST.get("password", ""), 100):
        keep_password(account, name, which, password)
    return redirect(album_url(pk, name, which))


def _album_head(account: LinkedAccount, question: Question, path: str) -> Part:
    def present(answer: Album) -> dict[str, Any]:
        return {
            "album": answer,
            "person_url": person_url(account.pk, answer.owner_name),
            "page_url": web_address(answer.page_url),
        }

    return Part(
        name="head",
        account=account,
        question=question,
        template="explore/_album_head.html",
        frame="explore/_album_head.html",
        present=present,
        address=path,
    )


def web_address(url: str) -> str:
    """An address that may be linked to; a service could tell anything."""
    return url if url.startswith(("http://", "https://")) else ""
