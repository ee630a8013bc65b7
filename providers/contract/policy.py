"""What follows from a service's no, as data: which refusals are worth another try, whom they are about."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPolicy:
    """By the service's own codes of refused uploads; a code named nowhere needs the person at once.

    `worth_tries`: how often an upload with that refusal is tried. `may_be_there`: the photo may have
    arrived all the same, so it is looked for and never sent again. `about_the_account`: it says
    something about the account and not about this one file.
    """

    worth_tries: Mapping[str, int] = field(default_factory=dict)
    may_be_there: frozenset[str] = frozenset()
    about_the_account: frozenset[str] = frozenset()
