"""One call of an operation, from whichever binding, and its answer as a tree of fields."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from providers.sapo.protocol import FaultCode
from providers.sapo.protocol_tables import OPERATIONS as DOCUMENTED
from providers.sapo.protocol_tables import Operation, Parameter, RestName, Shape
from providers.sapo.server.auth.credentials import Caller, identify
from providers.sapo.server.endpoints import Addresses
from providers.sapo.server.wire.arguments import Given
from providers.sapo.server.wire.encode import Encoder, result_field
from providers.sapo.server.wire.errors import Fault, Refused, bad_request
from providers.sapo.server.wire.fields import Field, Value
from providers.server.faults.services import NoAnswer, play_fault

logger = logging.getLogger(__name__)

_ALBUM_OF_USER = (
    (Parameter("user", "User", required=True), Parameter("album", "Album", required=True)),
    (RestName("username", "user/username"), RestName("id", "album/id")),
)
# Once there, though neither in the document nor in the contract: so over REST and undocumented SOAP.
MORE_OPERATIONS = {
    "AlbumDetails": Operation("AlbumDetails", *_ALBUM_OF_USER, result=("result", "album"), payload="Album"),
    "AlbumGetCoverImage": Operation(
        "AlbumGetCoverImage", *_ALBUM_OF_USER, result=("result", "image"), payload="Image"
    ),
}
ALL_OPERATIONS = DOCUMENTED | MORE_OPERATIONS
UPLOAD = "uploadPost"  # no operation of the bus, but one that a fault plan may name
_BY_SMALL_NAME = {name.lower(): row for name, row in ALL_OPERATIONS.items()}


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation works with."""

    given: Given
    caller: Caller
    encoder: Encoder


def operation_named(name: str) -> Operation:
    """The table row of an operation, its name in any case. Raises Fault."""
    operation = _BY_SMALL_NAME.get(name.lower())
    if operation is None:
        raise bad_request("There is no such operation")
    return operation


def perform(operation: Operation, given: Given, request: HttpRequest, *, as_json: bool) -> Field:
    """The whole answer of an operation, to be run under `guarded`; it can be written as JSON or, without
    `as_json`, as XML. Raises Fault."""
    from providers.sapo.server.operations import OPERATIONS

    caller = identify(given, request)
    call = Call(given, caller, Encoder(Addresses(request), caller.person, as_json=as_json))
    return _answer(operation, lambda: OPERATIONS[operation.name](call))


def guarded(operation: str, run: Callable[[], Field]) -> Field:
    """What `run` returns; a fault plan goes before, and a breakdown of ours becomes a fault."""
    code = play_fault("sapo", operation)
    if code is not None:
        raise Fault(code, "A fault was planned for this operation")
    try:
        return run()
    except (Fault, NoAnswer):
        raise
    except Exception:
        logger.exception("%s broke", operation)
        raise Fault(FaultCode.TOO_SLOW, "The service is not available now") from None


def _answer(operation: Operation, run: Callable[[], list[Field] | str]) -> Field:
    outcome: Value
    try:
        outcome = run()
    except Refused as refusal:
        outcome = [result_field(ok=False, description=str(refusal))]
    if isinstance(outcome, list):
        if operation.shape is Shape.BARE_RESULT:
            ((_, outcome),) = outcome
        else:
            outcome = sorted(outcome, key=lambda each: operation.result.index(each[0]))
    return f"{operation.name}Response", [(f"{operation.name}Result", outcome)]
