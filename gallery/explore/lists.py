"""Parts that are lists of photos which go on page by page."""

from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gallery.accounts.models import LinkedAccount
from gallery.explore.cards import tiles
from gallery.explore.parts import Part
from gallery.explore.queries import cache_photos
from gallery.explore.searching import PhotoPage
from gallery.presentation.numbers import photos_text
from gallery.remote.ask import Query


def photo_list(
    account: LinkedAccount,
    query: Query[PhotoPage],
    path: str,
    parameters: dict[str, Any],
    page: int,
    *,
    name: str = "photos",
    heading: str = "",
) -> Part:
    """The photos of one page of a list; `parameters` are what the list's address says beside the page."""

    def present(reply: PhotoPage) -> dict[str, Any]:
        cache_photos(account, reply.photos)
        return {
            "tiles": tiles(account, reply.photos),
            "count": photos_text(reply.total) if reply.total and page == 1 else "",
            "url": at_page(path, parameters, reply.next_page) if reply.next_page else "",
            "label": _("More photos") if reply.photos else _("Search further"),
        }

    return Part(
        name=name,
        account=account,
        query=query,
        template="explore/_photos.html",
        present=present,
        address=at_page(path, parameters, page),
        heading=heading,
    )


def at_page(path: str, parameters: dict[str, Any], page: int) -> str:
    pairs = {name: value for name, value in parameters.items() if value} | (
        {"page": page} if page > 1 else {}
    )
    return f"{path}?{urlencode(pairs, doseq=True)}" if pairs else path
