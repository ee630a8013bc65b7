"""Why a change waits or was not made, for the person."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gallery.accounts.messages import sentence
from gallery.changes.models import Change
from gallery.presentation.names import service_name

# By Change.reason, with {a} the account, {s} the service.
_SENTENCES: dict[str, Promise] = {
    "unreachable": _("{s} is not answering. Your change is not lost; we keep trying."),
    "reconnect": _("{s} no longer accepts the key for {a}. Your change waits until you connect again."),
    "consent": _("{s} asks for your permission first. Your change waits until you give it."),
    "unavailable": _(
        "{s} did not answer for a long time. Check whether your change is there; if not, make it again."
    ),
    "broken": _(
        "Something went wrong on our side. Check whether your change is there; if not, make it again."
    ),
    "lost": _("Your change can no longer be read. Make it again."),
    "album_gone": _("{s} no longer has one of these albums. We are syncing {a} again."),
    "not_found": _("{s} no longer has this photo."),
    "not_possible": _("{s} does not let other sites change photos."),
    "refused": _("{s} did not accept this change. The photo is as it was."),
}


def trouble_of(change: Change | None) -> str:
    """ "" where all is well."""
    if change is None or not change.reason or change.status == Change.Status.DONE:
        return ""
    account = change.account
    if found := _SENTENCES.get(change.reason):
        return str(found).format(a=account.label, s=service_name(account.kind))
    return sentence(account.kind, change.reason, account.label)
