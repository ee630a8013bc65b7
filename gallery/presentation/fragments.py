"""What several pages show in the same way."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.accounts.models import LinkedAccount
from gallery.library.models import LONG_AGO, Sync
from gallery.presentation.dates import day_of_year_text, day_text, moment_text
from providers.linking import service_apps


def photos_text(count: int) -> str:
    return ngettext("%(number)s photo", "%(number)s photos", count) % {
        "number": number_format(count, force_grouping=True)
    }


def service_name(account: LinkedAccount) -> str:
    app = service_apps().get(account.provider_id)
    return app.name if app else account.provider_id


def span_text(first: datetime | None, last: datetime) -> str:
    """ "2 to 9 August 2026", as short as it can be said; "" where nothing is known."""
    if first is None or last <= LONG_AGO:
        return ""
    end = day_text(last)
    if first.date() == last.date():
        return end
    if (first.year, first.month) == (last.year, last.month):
        start = str(first.day)
    else:
        start = day_of_year_text(first) if first.year == last.year else day_text(first)
    return _("%(start)s to %(end)s") % {"start": start, "end": end}


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for the next part of a list, to put it below the last one."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def banners(accounts: Iterable[LinkedAccount]) -> list[dict[str, str]]:
    """One for each account whose photos are a copy that is not being brought up to date."""
    return [_banner(account) for account in accounts if account.state != LinkedAccount.State.OK]


def _banner(account: LinkedAccount) -> dict[str, str]:
    if account.needs_person:
        return {
            "kind": "bad",
            "title": _("%(service)s no longer accepts the key for %(account)s.")
            % {"service": service_name(account), "account": account.label},
            "text": _("Nothing is lost."),
            "action": _("Connect again"),
        }
    sync: Sync | None = getattr(account, "sync", None)
    text = _("We ask again every few minutes.")
    if sync and sync.finished_at:
        text = _copy_text(timezone.localtime(sync.finished_at))
    title = _("%(service)s is not answering.") % {"service": service_name(account)}
    return {"kind": "warn", "title": title, "text": text, "action": _("See the account")}


def _copy_text(made_at: datetime) -> str:
    """By the hour for one of today, else by its day; Portuguese says them with different little words."""
    if made_at.date() == timezone.localdate():
        time = time_format(made_at)
        return _("You see the copy of %(time)s; we ask again every few minutes.") % {"time": time}
    day = moment_text(made_at)
    return _("You see the copy of %(day)s; we ask again every few minutes.") % {"day": day}
