"""One call of an operation, from whichever binding."""

from dataclasses import dataclass

from providers.sapo.server.auth.credentials import Caller
from providers.sapo.server.operations.encode import Encoder
from providers.sapo.server.wire.arguments import Arguments


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation works with."""

    arguments: Arguments
    caller: Caller
    encoder: Encoder
