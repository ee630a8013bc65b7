"""Why a change waits or was not made, for the person."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gallery.accounts.messages import sentence
from gallery.changes.models import Change
from gallery.presentation.names import service_name

# By Change.reason, with {a} the account, {s} the service.
_SENTENCES: dict[str, Promise] = {
    "unreachable": _("{s} is not answering. Your change is kept; we try again by ourselves."),
    "reconnect": _("{s} no longer accepts the key for {a}. Your change waits until you connect again."),
    "consent": _("{s} asks for your yes first. Your change waits for it."),
    "unavailable": _("{s} did not answer for long. Look whether your change is there, then make it again."),
    "broken": _("Something broke on our side. Look whether your change is there, then make it again."),
    "lost": _("Your change could not be read any more. Make it again."),
    "album_gone": _("{s} no longer has one of these albums. We are looking at {a} again."),
    "not_found": _("{s} no longer has this photo."),
    "not_possible": _("{s} has no way to change photos from outside."),
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
