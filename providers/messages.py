"""What a service's codes mean for a person: each says so in its own words, in `messages.py` of its folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise

from providers.registry import modules


class NextStep(StrEnum):
    """What a page offers beside a sentence."""

    RETRY = "retry"
    ELSEWHERE = "elsewhere"
    SMALLER = "smaller"
    RECONNECT = "reconnect"
    CONSENT = "consent"
    EDIT = "edit"


AGAIN = (NextStep.RETRY, NextStep.ELSEWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Sentences by the service's own codes, with {a} the account, {s} the service, {code} the code.

    Every sentence says what happened, what is safe, and what to do, in that order. `given_up`: what is
    said once nothing more is tried by itself, where `by_code` speaks of what is being done. `same_as`:
    codes for which a sentence of the gallery is enough, by its name (gallery/accounts/messages.py).
    `how_to_link` stands beside the service where somebody chooses one to link.
    """

    how_to_link: Promise | str = ""
    by_code: Mapping[str, Promise] = field(default_factory=dict)
    given_up: Mapping[str, Promise] = field(default_factory=dict)
    same_as: Mapping[str, str] = field(default_factory=dict)
    next_steps: Mapping[str, tuple[NextStep, ...]] = field(default_factory=dict)


def messages_by_kind() -> dict[str, Messages]:
    """Of each service that has sentences of its own, by the service's id."""
    return {kind_id: module.MESSAGES for kind_id, module in modules("messages").items()}
