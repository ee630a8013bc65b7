"""Somebody's public photo, large."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gallery.accounts.models import LinkedAccount
from gallery.explore import queries
from gallery.explore.asking import remember
from gallery.explore.cards import other_tile, own_photos, tag_links
from gallery.explore.page_urls import person_url, photo_url
from gallery.explore.parts import Part, show
from gallery.explore.request_data import account_of, named
from gallery.explore.view_counting import note_opened
from gallery.explore.views.people import web_address
from gallery.library.search.remote import keep_found
from gallery.presentation.dates import day_text
from gallery.presentation.names import app_name
from gallery.presentation.numbers import number_text
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
        question=queries.photo(which),
        template="explore/_viewer.html",
        frame="explore/_viewer.html",
        present=lambda told: _shown(account, told, comments),
        address=photo_url(pk, which),
    )
    return show(request, "explore/photo.html", {"service": app_name(account.provider_id)}, [part, comments])


def _comments(account: LinkedAccount, remote_id: str) -> Part:
    def present(told: Sequence[entities.Comment]) -> dict[str, Any]:
        return {"comments": [_comment(one) for one in told]}

    return Part(
        name="comments",
        account=account,
        question=queries.comments(remote_id),
        template="explore/_comments.html",
        frame="explore/_comments.html",
        present=present,
        address=photo_url(account.pk, remote_id),
    )


def _comment(told: entities.Comment) -> dict[str, str]:
    author = told.author or _("Somebody")
    return {"author": author, "body": told.body, "when": day_text(told.written_at)}


def _shown(account: LinkedAccount, told: entities.Photo, comments: Part) -> dict[str, Any]:
    note_opened(account, told.remote_id)
    if told.comments:  # it was not a list that told
        remember(account, [(queries.comments(told.remote_id), told.comments)])
        comments.look()
    return {
        "photo": told,
        "picture": other_tile(account, told, keep_found(account, [told])[0]),
        "owner_url": person_url(account.pk, told.owner_name),
        "page_url": web_address(told.page_url),
        "tags": tag_links(account, told.tags),
        "facts": [(name, value) for name, value in _facts(told) if value],
        "comments": comments,
    }


def _facts(told: entities.Photo) -> list[tuple[str, str]]:
    views = "" if told.view_count is None else number_text(told.view_count)
    return [
        (_("Size"), f"{told.width} × {told.height}" if told.width and told.height else ""),
        (_("Kind"), told.media_type),
        (_("Views"), views),
        (_("Rating"), told.rating),
        (_("For adults"), _("Yes") if told.is_adult else ""),
    ]
