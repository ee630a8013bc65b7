"""The endpoint: one address, the method in `action`, two envelopes for errors."""

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
from providers.orange.server.access import identify_service, open_access
from providers.orange.server.errors import (
    BadServiceCredentials,
    CalledTooOften,
    GatewayError,
    ServiceError,
    told_to_fail,
    unreadable,
)
from providers.orange.server.models import OrangeAccount
from providers.orange.server.operations import OPERATIONS, Call
from providers.orange.server.parameters import Parameters, from_address
from providers.orange.server.rates import SECONDS, count
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
    """For services, on behalf of whoever gave them the token that the call brings."""
    try:
        service_id = identify_service(request)
        if request.content_type == "multipart/form-data":
            return _xml(_answer_form(request, service_id))
        parameters = Parameters([*_body(request), *from_address(request.META.get("QUERY_STRING", ""))])
        return _xml(_answer(Call(request, _let_in(parameters, service_id), parameters)))
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
    except Exception:  # whatever it was, the caller reads XML
        log.exception("an Orange call failed")
        return _xml(responses.service_error(ServiceError(ErrorCode.INTERNAL, "internal error")), 500)


def _body(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a plain form: sent before what stands in the address."""
    if request.content_type != "application/x-www-form-urlencoded":
        return []
    return from_address(request.body.decode("latin-1"))


def _let_in(parameters: Parameters, service_id: str) -> OrangeAccount:
    """Whose account it is, once token, consent and an operator's fault plan let the call pass."""
    action = parameters.action
    access = open_access(parameters.token, service_id, OPERATIONS[action].right)
    limit = settings.ORANGE_CALLS_A_MINUTE
    if limit and count(f"orange-calls:{access.token.pk}") > limit:
        raise CalledTooOften
    fault = inject_fault("orange", action)
    if fault is not None:
        raise told_to_fail(fault)
    return access.account


def _answer_form(request: HttpRequest, service_id: str) -> responses.Pieces:
    """A multipart form: its sender is let in when the file begins, before a byte of it is kept."""
    let_in: list[OrangeAccount] = []

    def admit(parameters: Parameters) -> int:
        let_in.append(_let_in(parameters, service_id))
        return let_in[0].largest_file

    with received(request, admit) as form:
        account = let_in[0] if let_in else _let_in(form.parameters, service_id)
        return _answer(Call(request, account, form.parameters, form))


def _answer(call: Call) -> responses.Pieces:
    return OPERATIONS[call.parameters.action].perform(call)


def _xml(pieces: responses.Pieces, status: int = 200) -> HttpResponseBase:
    """Short answers whole, with their length; a long one in blocks while it is written."""
    blocks = _blocks(pieces)
    first, second = next(blocks, ""), next(blocks, None)
    if second is None:
        return HttpResponse(first, status=status, content_type=_XML)
    return StreamingHttpResponse(chain([first, second], blocks), status=status, content_type=_XML)


def _blocks(pieces: responses.Pieces) -> Iterator[str]:
    held: list[str] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length > _BLOCK:
            yield "".join(held)
            held, length = [], 0
    yield "".join(held)
