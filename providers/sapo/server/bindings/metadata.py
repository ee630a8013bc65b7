"""Contracts and schemas, with the URLs of this site in them (docs/protocols/sapo.md, 2.1)."""

from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from providers.sapo.server.bindings.responses import XML_TYPE
from providers.sapo.server.endpoints import ServerUrls

_FOLDER = Path(__file__).resolve().parents[2]
_CONTRACTS = {"photos": "photos.wsdl", "sts": "sts.wsdl"}
_SCHEMAS = {
    "photos": "photos.xsd",
    "sts": "sts.xsd",
    "esbcredentials": "esb.xsd",
    "market": "market.xsd",
}


@cache
def _text(name: str) -> str:
    return (_FOLDER / name).read_text()


def _document(request: HttpRequest, names: dict[str, str], name: str) -> HttpResponse:
    file = names.get(name.lower())
    if file is None:
        raise Http404
    text = _text(file).replace("{base}", ServerUrls(request).base_url)
    return HttpResponse(text, content_type=XML_TYPE)


@login_not_required
@require_safe
def contract(request: HttpRequest, name: str) -> HttpResponse:
    """The WSDL of a service. For everybody."""
    return _document(request, _CONTRACTS, name)


@login_not_required
@require_safe
def schema(request: HttpRequest, name: str) -> HttpResponse:
    """A schema that the contracts import. For everybody."""
    return _document(request, _SCHEMAS, name)
