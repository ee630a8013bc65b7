"""Where looking beyond one's own gallery begins: the tags one follows, and what each service puts forward."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gallery.accounts.abilities import is_able
from gallery.accounts.models import LinkedAccount
from gallery.explore import queries
from gallery.explore.cards import album_cards, people_cards, tag_links, tiles
from gallery.explore.followed_tags import followed_by
from gallery.explore.models import FollowedTag
from gallery.explore.page_urls import tag_url
from gallery.explore.parts import Part, show
from gallery.explore.queries import cache_photos
from gallery.explore.searching import PhotoPage
from gallery.presentation.names import app_name
from providers.contract.base import Highlights, PublicProfile, PublicSearch, TagSearch

_PHOTOS_OF_A_TAG = 8


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """A part for each tag that the person follows, then one for each service that puts something forward."""
    linked = LinkedAccount.objects.visible_to(request.user)
    able = [one for one in linked if is_able(one, Highlights, PublicSearch, TagSearch, PublicProfile)]
    followed = [row for row in followed_by(request.user) if is_able(row.account, TagSearch)]
    parts = [_followed(row) for row in followed]
    parts += [_part(account) for account in able if is_able(account, Highlights)]
    context = {"has_accounts": bool(linked), "is_able": bool(able)}
    return show(request, "explore/home.html", context, parts)


def _followed(row: FollowedTag) -> Part:
    """Its newest photos; the reply is the one that the tag's own page begins with."""

    def present(reply: PhotoPage) -> dict[str, Any]:
        newest = reply.photos[:_PHOTOS_OF_A_TAG]
        cache_photos(row.account, newest)
        return {
            "tiles": tiles(row.account, newest),
            "tag": row.name,
            "tag_url": tag_url(row.account_id, row.name),
        }

    return Part(
        name=f"t{row.pk}",
        account=row.account,
        query=queries.tagged(row.name, 1, order="newest", adult=False),
        template="explore/_followed.html",
        present=present,
        address=reverse("explore:home"),
        heading=_("You follow %(tag)s") % {"tag": row.name},
    )


def _part(account: LinkedAccount) -> Part:
    def present(reply: queries.PutForward) -> dict[str, Any]:
        return {
            "albums": album_cards(account, reply.albums),
            "people": people_cards(account, reply.people),
            "tags": tag_links(account, reply.tags),
        }

    words = {"service": app_name(account.provider_id), "account": account.label}
    return Part(
        name=f"a{account.pk}",
        account=account,
        query=queries.highlights(),
        template="explore/_highlights.html",
        present=present,
        address=reverse("explore:home"),
        heading=_("On %(service)s, as %(account)s") % words,
    )
