"""Responses and faults in the three bindings: REST XML, REST JSON and SOAP 1.1 or 1.2.

A response is one tree of fields in the order of the schema and in no namespace; XML and SOAP name
the namespace once, on the root; JSON has none (docs/protocols/sapo.md, 1.3).
"""

import uuid
from datetime import UTC, datetime

from django.http import HttpResponse
from lxml import etree

from providers.sapo.protocol import EXCEPTIONS_NS, SOAP11_NS, SOAP12_NS
from providers.sapo.server.wire import fields
from providers.sapo.server.wire.errors import Fault
from providers.sapo.server.wire.fields import Field
from providers.sapo.server.wire.json_rule import to_json
from providers.xml import Element, clean

XML_TYPE = "text/xml; charset=utf-8"
SOAP12_TYPE = "application/soap+xml; charset=utf-8"
JSON_TYPE = "application/json; charset=utf-8"
_FAULT_ACTOR = "http://services.sapo.pt"


def xml_response(response: Field, namespace: str) -> HttpResponse:
    return HttpResponse(fields.to_xml(response, namespace), content_type=XML_TYPE)


def json_response(response: Field, namespace: str = "") -> HttpResponse:
    return HttpResponse(fields.to_json(response, namespace), content_type=JSON_TYPE)


def soap_response(response: Field, namespace: str, version: str) -> HttpResponse:
    """`version` is the namespace of the envelope."""
    return _soap(fields.to_xml(response, namespace), version, 200)


def _soap(body: bytes, version: str, status: int) -> HttpResponse:
    envelope = (
        b'<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="%s"><soap:Body>%s</soap:Body>'
        b"</soap:Envelope>" % (version.encode(), body)
    )
    content_type = SOAP12_TYPE if version == SOAP12_NS else XML_TYPE
    return HttpResponse(envelope, status=status, content_type=content_type)


def rest_fault(fault: Fault, *, as_json: bool) -> HttpResponse:
    """HTTP 500 with the root `fault`, which is in no namespace."""
    root = etree.Element("fault")
    _add_fault_fields(root, fault)
    if as_json:
        return _without_error_log(HttpResponse(to_json(root), status=500, content_type=JSON_TYPE))
    return _without_error_log(HttpResponse(etree.tostring(root), status=500, content_type=XML_TYPE))


def _without_error_log(response: HttpResponse) -> HttpResponse:
    """Keeps Django from logging each wrong password as a server error; errors of this program are logged
    where they are caught."""
    vars(response)["_has_been_logged"] = True
    return response


def soap_fault(fault: Fault, version: str) -> HttpResponse:
    root = etree.Element(f"{{{version}}}Fault", nsmap={"soap": version})
    if version == SOAP11_NS:
        _add_fault_fields(root, fault)
    else:
        code = etree.SubElement(root, f"{{{SOAP12_NS}}}Code")
        etree.SubElement(code, f"{{{SOAP12_NS}}}Value").text = "soap:Receiver"
        reason = etree.SubElement(root, f"{{{SOAP12_NS}}}Reason")
        text = etree.SubElement(reason, f"{{{SOAP12_NS}}}Text")
        text.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
        text.text = clean(fault.text)
        etree.SubElement(root, f"{{{SOAP12_NS}}}Role").text = _FAULT_ACTOR
        _add_exception(etree.SubElement(root, f"{{{SOAP12_NS}}}Detail"), fault)
    return _without_error_log(_soap(etree.tostring(root), version, 500))


def _add_fault_fields(root: Element, fault: Fault) -> None:
    etree.SubElement(root, "faultcode").text = "soap:Server"
    etree.SubElement(root, "faultstring").text = clean(fault.text)
    etree.SubElement(root, "faultactor").text = _FAULT_ACTOR
    _add_exception(etree.SubElement(root, "detail"), fault)


def _add_exception(detail: Element, fault: Fault) -> None:
    name = f"{{{EXCEPTIONS_NS}}}"
    exception = etree.SubElement(detail, f"{name}exceptionInfo", nsmap={"tns": EXCEPTIONS_NS})
    etree.SubElement(exception, f"{name}code").text = fault.code
    etree.SubElement(exception, f"{name}id").text = str(uuid.uuid4())
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    etree.SubElement(exception, f"{name}datetime").text = f"{moment}0Z"  # seven decimals
