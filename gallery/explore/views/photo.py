"""Somebody's public photo, large."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gallery.accounts.models import LinkedAccount
from gallery.explore import queries
from gallery.explore.cards import other_tile, own_photos, tag_links
from gallery.explore.page_urls import person_url, photo_url
from gallery.explore.parts import Part, show
from gallery.explore.request_data import account_of, named
from gallery.explore.view_counting import note_opened
from gallery.explore.views.people import web_address
from gallery.library.search.remote import picture_keys
from gallery.presentation.dates import day_text
from gallery.presentation.names import app_name, picture_kind
from gallery.presentation.numbers import number_text
from gallery.remote.ask import cache_replies
from providers.contract import entities
from providers.contract.base import PublicProfile


@require_GET
def photo(request: HttpRequest, pk: int, remote_id: str) -> HttpResponse:
    """In the photo viewer; one's own photo has its page in the gallery."""
    account, which = account_of(request, pk, PublicProfile), named(remote_id)
    if own := own_photos(account, [which]).get(which):
        return redirect(own.url)
    comments = _comments(account, which)
    part = Part(
        name="photo",
        account=account,
        query=queries.photo(which),
        template="explore/_viewer.html",
        frame="explore/_viewer.html",
        present=lambda remote: _shown(account, remote, comments),
        address=photo_url(pk, which),
        is_subject=True,
    )
    return show(request, "explore/photo.html", {"service": app_name(account.provider_id)}, [part, comments])


def _comments(account: LinkedAccount, remote_id: str) -> Part:
    def present(remote: Sequence[entities.Comment]) -> dict[str, Any]:
        return {"comments": [_comment(one) for one in remote]}

    return Part(
        name="comments",
        account=account,
        query=queries.comments(remote_id),
        template="explore/_comments.html",
        frame="explore/_comments.html",
        present=present,
        address=photo_url(account.pk, remote_id),
    )


def _comment(remote: entities.Comment) -> dict[str, str]:
    author = remote.author or _("Somebody")
    return {"author": author, "body": remote.body, "when": day_text(remote.written_at)}


def _shown(account: LinkedAccount, remote: entities.Photo, comments: Part) -> dict[str, Any]:
    note_opened(account, remote.remote_id)
    if remote.comments:  # the reply was not a list's
        cache_replies(account, [(queries.comments(remote.remote_id), remote.comments)])
        comments.fill_from_cache()
    return {
        "photo": remote,
        "picture": other_tile(account, remote, picture_keys(account, [remote])[0]),
        "owner_url": person_url(account.pk, remote.owner_name),
        "page_url": web_address(remote.page_url),
        "tags": tag_links(account, remote.tags),
        "facts": [(name, value) for name, value in _facts(remote) if value],
        "comments": comments,
    }


def _facts(remote: entities.Photo) -> list[tuple[str, str]]:
    views = "" if remote.view_count is None else number_text(remote.view_count)
    return [
        (_("Size"), f"{remote.width} × {remote.height}" if remote.width and remote.height else ""),
        (_("Kind"), picture_kind(remote.media_type)),
        (_("Views"), views),
        (_("Rating"), remote.rating),
        (_("For adults"), _("Yes") if remote.is_adult else ""),
    ]
