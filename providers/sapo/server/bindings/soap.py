"""The SOAP binding: one endpoint, dispatched on the element in the Body (docs/protocols/sapo.md, 2)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from providers.sapo.protocol import PHOTOS_NS
from providers.sapo.server.bindings.metadata import contract
from providers.sapo.server.bindings.responses import soap_fault, soap_response
from providers.sapo.server.operations.dispatch import perform, run_operation
from providers.sapo.server.operations.signatures import signature_of
from providers.sapo.server.wire.arguments import collect_arguments
from providers.sapo.server.wire.bodies import body_of
from providers.sapo.server.wire.errors import Fault
from providers.sapo.server.wire.soap_request import read_envelope, version_of


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def soap(request: HttpRequest) -> HttpResponse:
    """Open to programs: each call brings its credentials. GET (`?wsdl`) gives the contract."""
    if request.method != "POST":
        return contract(request, "Photos")
    version = version_of(request.content_type or "")
    try:
        envelope = read_envelope(body_of(request), PHOTOS_NS)
        version = envelope.version
        row = signature_of(envelope.operation)
        arguments = collect_arguments(envelope.pairs(), row)
        response = run_operation(row.name, lambda: perform(row, arguments, request, as_json=False))
    except Fault as fault:
        return soap_fault(fault, version)
    return soap_response(response, PHOTOS_NS, version)
