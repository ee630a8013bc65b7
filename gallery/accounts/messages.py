"""What is said to a person about a service's answer, and what they can do next.

Every sentence says what happened, what is safe, and what to do, in that order; the service's own
code stands under "Details" beside it. Codes in capitals and figures are the services' (docs/protocols);
those in small letters are ours.
"""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gallery.presentation.names import service_name


class NextStep(StrEnum):
    """What a page offers beside a sentence."""

    RETRY = "retry"
    ELSEWHERE = "elsewhere"
    SMALLER = "smaller"
    RECONNECT = "reconnect"
    CONSENT = "consent"
    EDIT = "edit"


_TICKET = _("SAPO did not accept the ticket for this upload. We are getting a new one.")
_GONE = _("This is no longer on Orange. Sync now, or choose another album.")
_KEY = _("Orange no longer accepts this key. Connect again; whatever is waiting then continues by itself.")

# (kind, code) -> the sentence, with {a} the account, {s} the service, {code} the code.
_SENTENCES: dict[tuple[str, str], Promise] = {
    ("sapo", "INVALID_UPLOAD"): _(
        "SAPO could not read what was sent; the file may be above its limit. Try again, or send a smaller "
        "copy."
    ),
    ("sapo", "MISSING_TOKEN"): _TICKET,
    ("sapo", "INVALID_TOKEN"): _TICKET,
    ("sapo", "EXHAUSTED_TOKEN"): _(
        "This ticket was used before. We are checking whether the photo arrived; it is not sent twice."
    ),
    ("sapo", "INVALID_IMAGE"): _("SAPO lost the place reserved for this photo. We are asking for a new one."),
    ("sapo", "INVALID_OWNER"): _(
        "SAPO does not let {a} upload, perhaps because it is blocked. Ask SAPO, or choose another account."
    ),
    ("sapo", "NO_FILE"): _("No file reached SAPO. Choose it again, or let us send our copy."),
    ("sapo", "FILE_COUNT_EXCEEDED"): _("SAPO takes one file at a time. We send them one by one."),
    ("sapo", "INVALID_FILE"): _(
        "The file was damaged on the way. Try again; if it fails twice, open it and save a fresh copy."
    ),
    ("sapo", "FILE_LIMIT_QUOTA_EXCEEDED"): _(
        "{a} holds all the photos SAPO allows. Delete some there, or choose another account."
    ),
    ("sapo", "FILE_SIZE_QUOTA_EXCEEDED"): _(
        "This file is larger than SAPO allows for {a}. Send a smaller copy (we can make it), or choose "
        "another account."
    ),
    ("sapo", "TOTAL_STORAGE_QUOTA_EXCEEDED"): _(
        "Your SAPO account is full. The file is safe here. Make room there, or choose another account."
    ),
    ("sapo", "INVALID_DIMENSIONS"): _(
        "The picture is smaller than SAPO takes. Choose a larger one, or another account."
    ),
    ("sapo", "PROBLEMS_SAVING_IMAGE"): _(
        "SAPO had trouble making its sizes. We clear the broken one and try again; the file is safe here."
    ),
    ("sapo", "SUCCESS"): _("SAPO says that it has the photo. We are checking."),
    ("orange", "-3"): _(
        "Orange asks for your permission before Pomar may do this. Go to Orange's page; we "
        "continue afterwards."
    ),
    ("orange", "-1"): _KEY,
    ("orange", "-2"): _KEY,
    ("orange", "401"): _KEY,
    ("orange", "1106"): _("Orange has no photo account for {a}. Open one there, or link another."),
    ("orange", "9003"): _GONE,
    ("orange", "9004"): _GONE,
    ("orange", "9005"): _("Orange cannot read this picture. Send another copy, or choose another account."),
    ("orange", "9006"): _("Orange takes no file this large. Send another copy, or choose another account."),
    ("orange", "9007"): _(
        "Orange has no room left for {a}. The file is safe here. Make room there, or choose another account."
    ),
    ("orange", "9008"): _("Orange needs a title, not too long. Shorten it; the rest stays as it is."),
}
# What is said once nothing more is tried by itself, where the sentence above speaks of what is being done.
_GIVEN_UP: dict[tuple[str, str], Promise] = {
    **dict.fromkeys(
        [("sapo", "MISSING_TOKEN"), ("sapo", "INVALID_TOKEN")],
        _("SAPO did not accept the ticket for this upload. Nothing was stored there. Try again."),
    ),
    ("sapo", "EXHAUSTED_TOKEN"): _(
        "This ticket was used before, and SAPO shows no photo for it. Look there first, then try again."
    ),
    ("sapo", "INVALID_IMAGE"): _(
        "SAPO lost the place reserved for this photo. Nothing was stored there. Try again."
    ),
    ("sapo", "FILE_COUNT_EXCEEDED"): _("SAPO takes one file at a time. Nothing was stored there. Try again."),
    ("sapo", "PROBLEMS_SAVING_IMAGE"): _(
        "SAPO had trouble making its sizes. Nothing was stored there. Try again later."
    ),
}
_FOR_ALL: dict[str, Promise] = {
    "outcome_unknown": _(
        "The connection broke after the file was sent. We check whether it arrived before "
        "sending anything again."
    ),
    "never_known": _(
        "{s} has not told us whether this photo arrived. The file is safe here. Check {a} first, "
        "then try again."
    ),
    "absent": _("{s} took the file and shows no photo. The file is safe here. Try again."),
    "nothing_came": _("No file reached {s} in time. Nothing was stored. Choose it again."),
    "file_gone": _("Our copy of this file is gone. Nothing was stored. Choose it again."),
    "password_gone": _(
        "The new album's password can no longer be read here. Nothing was sent. Choose the files again."
    ),
    "broken": _("Something went wrong on our side; the file is safe here. Try again."),
    "unavailable": _("{s} did not answer for hours. The file is safe here. Try again later."),
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
    # SAPO's bus: wrong credentials, an invalid token, an expired one; and a service that was too slow.
    **dict.fromkeys(["1010", "2610", "2620"], "reconnect"),
    "2550": "unreachable",
    **dict.fromkeys(
        ["Unavailable", "RateLimited", "OutcomeUnknown", "ReconnectNeeded", "ProtocolError", "429", "503"],
        "unreachable",
    ),
}
_OTHER = _(
    "{s} gave an answer that we do not know ({code}). Nothing is lost, and the error was reported to "
    "us. Try again later."
)

_KEPT = (NextStep.RETRY, NextStep.ELSEWHERE)
_STEPS: dict[str, tuple[NextStep, ...]] = {
    **dict.fromkeys(
        ["INVALID_UPLOAD", "FILE_SIZE_QUOTA_EXCEEDED", "9005", "9006"], (NextStep.SMALLER, *_KEPT)
    ),
    **dict.fromkeys(["9008"], (NextStep.EDIT, *_KEPT)),
    **dict.fromkeys(
        ["-1", "-2", "401", "1010", "2610", "2620", "reconnect", "no_key", "expired", "unsealable"],
        (NextStep.RECONNECT,),
    ),
    **dict.fromkeys(["-3", "consent"], (NextStep.CONSENT,)),
    **dict.fromkeys(["INVALID_DIMENSIONS", "9003", "9004", "not_found"], (NextStep.ELSEWHERE,)),
    **dict.fromkeys(["file_gone", "password_gone"], ()),
}


def sentence(
    kind_id: str, code: str, account_label: str, *, state: str = "", is_given_up: bool = False
) -> str:
    """What a code means for the person, in their language.

    An unknown code gets the sentence of the account's `state`, where the code is why the account is in
    it, else a general one. `is_given_up`: it is the person's turn now, nothing goes on by itself.
    """
    found = (
        (_GIVEN_UP.get((kind_id, code)) if is_given_up else None)
        or _SENTENCES.get((kind_id, code))
        or _FOR_ALL.get(_SAME_AS.get(code, code))
        or _FOR_ALL.get(state)
        or _OTHER
    )
    return str(found).format(a=account_label, s=service_name(kind_id), code=code)


def next_steps(code: str) -> tuple[NextStep, ...]:
    """What the person can do about a refused file; by default, try again or choose another account."""
    return _STEPS.get(code, _KEPT)


def known_codes() -> list[tuple[str, str]]:
    """Every (kind, code) with a sentence of its own; the kind is "" where it is the same for all."""
    return [*_SENTENCES, *(("", code) for code in _FOR_ALL)]
