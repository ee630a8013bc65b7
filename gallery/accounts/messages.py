"""What is said to a person about a service's answer, and what they can do next.

Every sentence says what happened, what is safe, and what to do, in that order; the service's own
code stands under "Details" beside it. What a service's own codes mean is said in its folder
(its module `messages`); here is what is said of every service, by names of ours.
"""

from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gallery.presentation.names import service_name
from providers.messages import AGAIN, Messages, NextStep, messages_by_kind

FOR_ALL: dict[str, Promise] = {
    "outcome_unknown": _(
        "The connection broke after the file was sent. We check whether it arrived before "
        "sending anything again."
    ),
    "never_known": _(
        "{s} has not told us whether this photo arrived. Nothing is lost. Check {a} first, then try again."
    ),
    "absent": _("{s} took the file and shows no photo. The file is safe here. Try again."),
    "nothing_came": _("No file reached {s} in time. Nothing was stored. Choose it again."),
    "file_gone": _("Our copy of this file is gone. Nothing was stored. Choose it again."),
    "password_gone": _(
        "The new album's password can no longer be read here. Nothing was sent. Choose the files again."
    ),
    "broken": _("Something went wrong on our side; nothing is lost. Try again."),
    "unavailable": _("{s} did not answer for hours. Nothing is lost. Try again later."),
    "unreachable": _("{s} is not answering. Nothing is lost; we try again every few minutes."),
    "reconnect": _("{s} no longer accepts the key for {a}. Nothing is lost. Connect again."),
    "consent": _(
        "{s} asks for your permission before Pomar may continue. Go to its page; we continue afterwards."
    ),
    "not_offered": _("This site no longer offers the server of {a}. Nothing is lost on {s}."),
    "not_found": _("{s} no longer has this. Sync now, or choose another album."),
    "refused": _("{s} refused this for {a}. Nothing is lost. Try again, or choose another account."),
}
_SAME_AS = {
    **dict.fromkeys(["no_key", "expired", "unsealable", "asked_by_operator"], "reconnect"),
    **dict.fromkeys(
        ["Unavailable", "RateLimited", "OutcomeUnknown", "ReconnectNeeded", "ProtocolError", "429", "503"],
        "unreachable",
    ),
}
_OTHER = _(
    "{s} gave an answer that we do not know ({code}). Nothing is lost, and the error was reported to "
    "us. Try again later."
)
_STEPS: dict[str, tuple[NextStep, ...]] = {
    **dict.fromkeys(["reconnect", "no_key", "expired", "unsealable"], (NextStep.RECONNECT,)),
    "consent": (NextStep.CONSENT,),
    "not_found": (NextStep.ELSEWHERE,),
    **dict.fromkeys(["file_gone", "password_gone"], ()),
}
_NO_MESSAGES = Messages()


@cache
def _messages() -> dict[str, Messages]:
    return messages_by_kind()


def sentence(
    kind_id: str, code: str, account_label: str, *, state: str = "", is_given_up: bool = False
) -> str:
    """What a code means for the person, in their language.

    An unknown code gets the sentence of the account's `state`, where the code is why the account is in
    it, else a general one. `is_given_up`: it is the person's turn now, nothing goes on by itself.
    """
    own = _messages().get(kind_id, _NO_MESSAGES)
    found = (
        (own.given_up.get(code) if is_given_up else None)
        or own.by_code.get(code)
        or FOR_ALL.get(own.same_as.get(code) or _SAME_AS.get(code, code))
        or FOR_ALL.get(state)
        or _OTHER
    )
    return str(found).format(a=account_label, s=service_name(kind_id), code=code)


def how_to_link(kind_id: str) -> str:
    """What is said beside a service that somebody may link."""
    return str(_messages().get(kind_id, _NO_MESSAGES).how_to_link)


def next_steps(kind_id: str, code: str) -> tuple[NextStep, ...]:
    """What the person can do about a refused file; by default, try again or choose another account."""
    own = _messages().get(kind_id, _NO_MESSAGES)
    return own.next_steps.get(code, _STEPS.get(code, AGAIN))
