"""The REST binding: `/Photos/<Operation>`, XML unless JSON is requested (docs/protocols/sapo.md, 1)."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from providers.sapo.protocol import PHOTOS_NS
from providers.sapo.server.bindings.responses import json_response, rest_fault, xml_response
from providers.sapo.server.operations.dispatch import perform, run_operation
from providers.sapo.server.operations.signatures import signature_of
from providers.sapo.server.wire.arguments import Arguments, collect_arguments
from providers.sapo.server.wire.errors import Fault
from providers.sapo.server.wire.rest_request import rest_pairs

# `jsonArg`, with whatever value, is how the Android helper asks for JSON "even for errors".
_ASKS_FOR_JSON = re.compile(r"(?:^|[?&])(?:json=(?:true|1)(?:&|$)|jsonarg=)", re.IGNORECASE)


def asks_for_json(request: HttpRequest) -> bool:
    """Whether the query asks for JSON; known before anything else is read, so that faults are JSON too."""
    return bool(_ASKS_FOR_JSON.search(request.META.get("QUERY_STRING", "")))


def body_asks_for_json(arguments: Arguments) -> bool:
    return arguments.text("json").lower() in ("true", "1") or arguments.has("jsonarg")


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def rest(request: HttpRequest, operation: str) -> HttpResponse:
    """Open to programs: each call brings its credentials."""
    as_json = asks_for_json(request)
    try:
        row = signature_of(operation)
        arguments = collect_arguments(rest_pairs(request), row)
        as_json = as_json or body_asks_for_json(arguments)
        response = run_operation(row.name, lambda: perform(row, arguments, request, as_json=as_json))
    except Fault as fault:
        return rest_fault(fault, as_json=as_json)
    return json_response(response) if as_json else xml_response(response, PHOTOS_NS)
