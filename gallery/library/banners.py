"""What pages of the library say above their photos while an account cannot be brought up to date."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Sync
from gallery.presentation.dates import moment_text
from gallery.presentation.names import app_name


def banners(accounts: Iterable[LinkedAccount]) -> list[dict[str, str]]:
    """One for each account whose photos are a copy that is not being brought up to date."""
    return [_banner(account) for account in accounts if account.state != LinkedAccount.State.OK]


def _banner(account: LinkedAccount) -> dict[str, str]:
    names = {"service": app_name(account.provider_id), "account": account.label}
    if account.needs_person:
        return {
            "kind": "bad",
            "title": _("%(service)s no longer accepts the key for %(account)s.") % names,
            "text": _("Nothing is lost."),
            "action": _("Connect again"),
        }
    sync: Sync | None = getattr(account, "sync", None)
    text = _("We try again every few minutes.")
    if sync and sync.finished_at:
        text = _copy_text(timezone.localtime(sync.finished_at))
    title = _("%(service)s is not answering.") % names
    return {"kind": "warn", "title": title, "text": text, "action": _("See the account")}


def _copy_text(made_at: datetime) -> str:
    """By the hour for one of today, else by its day; Portuguese says them with different little words."""
    if made_at.date() == timezone.localdate():
        time = time_format(made_at)
        return _("You see the copy from %(time)s; we try again every few minutes.") % {"time": time}
    day = moment_text(made_at)
    return _("You see the copy from %(day)s; we try again every few minutes.") % {"day": day}
