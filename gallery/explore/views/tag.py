"""A tag, followed across a whole service."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from gallery.accounts.models import LinkedAccount
from gallery.explore import followed_tags, queries
from gallery.explore.lists import at_page, photo_list
from gallery.explore.orders import order_links, order_of
from gallery.explore.page_urls import tag_url
from gallery.explore.parts import show
from gallery.explore.request_data import account_of, named, page_of
from gallery.presentation.names import app_name
from providers.contract.base import TagSearch


@require_http_methods(["GET", "HEAD", "POST"])
def tag(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Everybody's public photos that carry it. A POST follows it, or no longer."""
    account, tag_name, page = account_of(request, pk, TagSearch), named(name), page_of(request)
    if request.method == "POST":
        return _follow(request, account, tag_name)
    order, adult = order_of(request.GET.get("order", "")), request.GET.get("adult") == "1"
    path, parameters = tag_url(pk, tag_name), {"order": order, "adult": "1" if adult else ""}
    context = {
        "account": account,
        "service": app_name(account.provider_id),
        "tag": tag_name,
        "follows": followed_tags.follows(account, tag_name),
        "orders": order_links(path, parameters, order),
        "adult": adult,
        "adult_url": at_page(path, {"order": order, "adult": "" if adult else "1"}, 1),
    }
    query = queries.tagged(tag_name, page, order=order, adult=adult)
    heading = _("Everybody's photos with %(tag)s") % {"tag": tag_name}
    photos = photo_list(account, query, path, parameters, page, heading=heading)
    return show(request, "explore/tag.html", context, [photos])


def _follow(request: HttpRequest, account: LinkedAccount, tag_name: str) -> HttpResponse:
    if request.POST.get("follow") == "no":
        followed_tags.leave(account, tag_name)
    elif not followed_tags.follow(account, tag_name):
        most = followed_tags.MOST_FOLLOWED
        words = ngettext(
            "You already follow %(number)s tag, the most there can be. Stop following one first.",
            "You already follow %(number)s tags, the most there can be. Stop following one first.",
            most,
        )
        messages.warning(request, words % {"number": most})
    return redirect(tag_url(account.pk, tag_name))
