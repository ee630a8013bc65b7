"""The security token service over SOAP and over plain HTTP (docs/protocols/sapo.md, 3)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from providers.sapo.protocol import DEFINITIONS_NS
from providers.sapo.protocol_sts import STS_OPERATIONS, StsOperation
from providers.sapo.server.bindings.metadata import contract
from providers.sapo.server.bindings.responses import (
    json_response,
    rest_fault,
    soap_fault,
    soap_response,
    xml_response,
)
from providers.sapo.server.bindings.rest import asks_for_json, body_asks_for_json
from providers.sapo.server.operations.dispatch import run_operation
from providers.sapo.server.operations.sts import STS
from providers.sapo.server.wire.arguments import Arguments, collect_arguments
from providers.sapo.server.wire.bodies import body_of
from providers.sapo.server.wire.errors import Fault, bad_request
from providers.sapo.server.wire.fields import Field
from providers.sapo.server.wire.rest_request import rest_pairs
from providers.sapo.server.wire.soap_request import read_envelope, version_of

_BY_LOWER_NAME = {name.lower(): row for name, row in STS_OPERATIONS.items()}


def _row(name: str) -> StsOperation:
    row = _BY_LOWER_NAME.get(name.lower())
    if row is None:
        raise bad_request("There is no such operation")
    return row


def _perform(row: StsOperation, arguments: Arguments, request: HttpRequest) -> Field:
    return run_operation(row.name, lambda: STS[row.name](arguments, request))


@login_not_required
@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sts_http(request: HttpRequest, operation: str) -> HttpResponse:
    """Open to programs: each call brings its credentials."""
    as_json = asks_for_json(request)
    try:
        row = _row(operation)
        arguments = collect_arguments(rest_pairs(request))
        as_json = as_json or body_asks_for_json(arguments)
        response = _http_root(row, _perform(row, arguments, request))
    except Fault as fault:
        return rest_fault(fault, as_json=as_json)
    if as_json:  # unlike the photo service, this one shows its namespace
        return json_response(response, DEFINITIONS_NS)
    return xml_response(response, DEFINITIONS_NS)


def _http_root(row: StsOperation, result: Field) -> Field:
    """Over plain HTTP a token is a bare `ESBToken`; other responses begin at the root recorded for them."""
    if row.http_root == f"{row.name}Response":
        return row.http_root, [result]
    return row.http_root, result[1]


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def sts_soap(request: HttpRequest) -> HttpResponse:
    """Open to programs: each call brings its credentials, in the body or in the header."""
    if request.method != "POST":
        return contract(request, "STS")
    version = version_of(request.content_type or "")
    try:
        envelope = read_envelope(body_of(request), DEFINITIONS_NS)
        version = envelope.version
        row = _row(envelope.operation)
        result = _perform(row, collect_arguments(envelope.pairs()), request)
    except Fault as fault:
        return soap_fault(fault, version)
    return soap_response((f"{row.name}Response", [result]), DEFINITIONS_NS, version)
