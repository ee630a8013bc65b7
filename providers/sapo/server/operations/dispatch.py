"""Runs the operation that a call names, for every binding, and makes faults of what goes wrong."""

import logging
from collections.abc import Callable

from django.http import HttpRequest

from providers.sapo.protocol import FaultCode
from providers.sapo.protocol_tables import Operation, Shape
from providers.sapo.server.auth.credentials import identify
from providers.sapo.server.endpoints import ServerUrls
from providers.sapo.server.operations.call import Call
from providers.sapo.server.operations.encode import Encoder, result_field
from providers.sapo.server.operations.table import OPERATIONS
from providers.sapo.server.wire.arguments import Arguments
from providers.sapo.server.wire.errors import Fault, Refused
from providers.sapo.server.wire.fields import Field, Value
from providers.server.faults.injection import NoAnswer, inject_fault

logger = logging.getLogger(__name__)


def perform(operation: Operation, arguments: Arguments, request: HttpRequest, *, as_json: bool) -> Field:
    """The whole response of an operation, to be called within `run_operation`; with `as_json` it is
    serialized as JSON, else as XML. Raises Fault."""
    caller = identify(arguments, request)
    call = Call(arguments, caller, Encoder(ServerUrls(request), caller.person, as_json=as_json))
    return _answer(operation, lambda: OPERATIONS[operation.name](call))


def run_operation(operation: str, run: Callable[[], Field]) -> Field:
    """What `run` returns. Fault plans come first; an error of this program becomes a fault too."""
    code = inject_fault("sapo", operation)
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
