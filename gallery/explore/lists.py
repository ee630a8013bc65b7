"""Parts that are lists of photos which go on page by page."""

from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gallery.accounts.models import LinkedAccount
from gallery.explore.asking import Question
from gallery.explore.cards import tiles
from gallery.explore.parts import Part
from gallery.explore.queries import remember_photos
from gallery.explore.searching import Found
from gallery.presentation.numbers import photos_text


def photo_list(
    account: LinkedAccount,
    question: Question,
    path: str,
    query: dict[str, Any],
    page: int,
    *,
    name: str = "photos",
    heading: str = "",
) -> Part:
    """The photos of one page of a list; `query` is what the list's address says beside the page."""

    def present(found: Found) -> dict[str, Any]:
        remember_photos(account, found.photos)
        return {
            "tiles": tiles(account, found.photos),
            "count": photos_text(found.total) if found.total and page == 1 else "",
            "url": at_page(path, query, found.next_page) if found.next_page else "",
            "label": _("More photos") if found.photos else _("Search further"),
        }

    return Part(
        name=name,
        account=account,
        question=question,
        template="explore/_photos.html",
        present=present,
        address=at_page(path, query, page),
        heading=heading,
    )


def at_page(path: str, query: dict[str, Any], page: int) -> str:
    pairs = {name: value for name, value in query.items() if value} | ({"page": page} if page > 1 else {})
    return f"{path}?{urlencode(pairs, doseq=True)}" if pairs else path
