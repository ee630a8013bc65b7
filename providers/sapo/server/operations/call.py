"""One call of an operation, from whichever binding."""

from dataclasses import dataclass

from providers.sapo.server.auth.credentials import Caller
from providers.sapo.server.wire.arguments import Given
from providers.sapo.server.wire.encode import Encoder


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation works with."""

    given: Given
    caller: Caller
    encoder: Encoder
