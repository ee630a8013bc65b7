"""The endpoint: one URL, the method in `action`, two envelopes for errors."""

import logging
from collections.abc import Iterator
from itertools import chain

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from providers.orange.protocol import ErrorCode
from providers.orange.server import responses
from providers.orange.server.access import authorize_call, identify_service
from providers.orange.server.errors import (
    BadServiceCredentials,
    CalledTooOften,
    GatewayError,
    ServiceError,
    planned_error,
    unreadable,
)
from providers.orange.server.models import OrangeAccount
from providers.orange.server.operations import OPERATIONS, Call
from providers.orange.server.parameters import Parameters, from_query
from providers.orange.server.rates import SECONDS, count_up
from providers.orange.server.upload_form import received
from providers.server.faults.injection import NoAnswer, inject_fault

log = logging.getLogger(__name__)
_XML = "text/xml; charset=UTF-8"
_BLOCK = 64 * 1024


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def endpoint(request: HttpRequest) -> HttpResponseBase:
    """For services, on behalf of the person whose token the call contains."""
    try:
        service_id = identify_service(request)
        if request.content_type == "multipart/form-data":
            return _xml(_perform_form(request, service_id))
        parameters = Parameters([*_body(request), *from_query(request.META.get("QUERY_STRING", ""))])
        return _xml(_perform(Call(request, _authorize(parameters, service_id), parameters)))
    except BadServiceCredentials:
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="Personal APIs"'})
    except CalledTooOften:
        return HttpResponse(status=429, headers={"Retry-After": str(SECONDS)})
    except ServiceError as error:
        return _xml(responses.service_error(error), error.status)
    except GatewayError as error:
        return _xml(responses.gateway_error(error), error.status)
    except (MultiPartParserError, SuspiciousOperation):
        return _xml(responses.service_error(unreadable()), 400)
    except NoAnswer:
        raise
    except Exception:  # whatever it was, the caller expects XML
        log.exception("an Orange call failed")
        return _xml(responses.service_error(ServiceError(ErrorCode.INTERNAL, "internal error")), 500)


def _body(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a plain form: before those of the query."""
    if request.content_type != "application/x-www-form-urlencoded":
        return []
    return from_query(request.body.decode("latin-1"))


def _authorize(parameters: Parameters, service_id: str) -> OrangeAccount:
    """The account of the call, once token, consent and an operator's fault plan let it pass."""
    action = parameters.action
    access = authorize_call(parameters.token, service_id, OPERATIONS[action].right)
    limit = settings.ORANGE_CALLS_A_MINUTE
    if limit and count_up(f"orange-calls:{access.token.pk}") > limit:
        raise CalledTooOften
    fault = inject_fault("orange", action)
    if fault is not None:
        raise planned_error(fault)
    return access.account


def _perform_form(request: HttpRequest, service_id: str) -> responses.Pieces:
    """A multipart form: its sender is authorized when the file begins, before a byte of it is stored."""
    authorized: list[OrangeAccount] = []

    def authorize(parameters: Parameters) -> int:
        authorized.append(_authorize(parameters, service_id))
        return authorized[0].largest_file

    with received(request, authorize) as form:
        account = authorized[0] if authorized else _authorize(form.parameters, service_id)
        return _perform(Call(request, account, form.parameters, form))


def _perform(call: Call) -> responses.Pieces:
    return OPERATIONS[call.parameters.action].perform(call)


def _xml(pieces: responses.Pieces, status: int = 200) -> HttpResponseBase:
    """A short response whole, with its length; a long one in blocks while it is made."""
    blocks = _blocks(pieces)
    first, second = next(blocks, ""), next(blocks, None)
    if second is None:
        return HttpResponse(first, status=status, content_type=_XML)
    return StreamingHttpResponse(chain([first, second], blocks), status=status, content_type=_XML)


def _blocks(pieces: responses.Pieces) -> Iterator[str]:
    buffered: list[str] = []
    length = 0
    for piece in pieces:
        buffered.append(piece)
        length += len(piece)
        if length > _BLOCK:
            yield "".join(buffered)
            buffered, length = [], 0
    yield "".join(buffered)
