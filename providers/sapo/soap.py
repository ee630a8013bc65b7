"""The SOAP 1.1 binding: elements in the schema's order, credentials in the header (sapo.md, SOAP)."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from providers.client.http import Http, Reply
from providers.sapo.protocol import (
    ACCESS_KEY,
    CREDENTIALS,
    DEFINITIONS_NS,
    MARKET_NS,
    PHOTOS_NS,
    PHOTOS_PATH,
    SOAP11_NS,
    TOKEN,
)
from providers.sapo.protocol_tables import ARRAYS, ENTITIES, OPERATIONS
from providers.sapo.values import as_text
from providers.xml import Element, clean


class SoapBinding:
    """Calls with a token, each one POST to the service's one address."""

    def __init__(self, http: Http, api_url: str, token: str, access_key: str) -> None:
        self.secrets = (token, access_key)
        self._http = http
        self._address = f"{api_url}{PHOTOS_PATH}"
        self._credentials = {TOKEN: token}
        self._access_key = access_key

    def call(self, name: str, request: Mapping[str, Any]) -> Reply:
        """Send `request`, nested as the schema nests it: `{"image": {"uid": "x"}, "page": 2}`."""
        operation = OPERATIONS[name]
        message = start(PHOTOS_NS, name)
        for parameter in operation.parameters:
            value = request.get(parameter.name, {} if parameter.required else None)
            if value is not None and (parameter.required or value not in ({}, "")):
                _write(message, parameter.name, parameter.type, value)
        body = envelope(message, self._credentials, self._access_key)
        return post_envelope(
            self._http, name, self._address, body, action=f"{PHOTOS_NS}/{name}", writes=operation.writes
        )


def start(namespace: str, name: str) -> Element:
    """An element whose namespace is the default one, as the recorded requests have it."""
    unprefixed: Any = {None: namespace}
    return etree.Element(f"{{{namespace}}}{name}", nsmap=unprefixed)


def envelope(message: Element, credentials: Mapping[str, str], access_key: str) -> bytes:
    """The whole request: who asks in the header, `message` as the body."""
    root = etree.Element(f"{{{SOAP11_NS}}}Envelope", nsmap={"soap": SOAP11_NS})
    header = etree.SubElement(root, f"{{{SOAP11_NS}}}Header")
    if credentials:
        header.append(who := start(DEFINITIONS_NS, CREDENTIALS))
        for name, value in credentials.items():
            etree.SubElement(who, f"{{{DEFINITIONS_NS}}}{name}").text = clean(value)
    if access_key:
        header.append(key := start(MARKET_NS, ACCESS_KEY))
        key.text = clean(access_key)
    etree.SubElement(root, f"{{{SOAP11_NS}}}Body").append(message)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def post_envelope(http: Http, operation: str, url: str, body: bytes, *, action: str, writes: bool) -> Reply:
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
    return http.post(operation, url, body=body, headers=headers, writes=writes)


def _write(parent: Element, name: str, kind: str, value: Any) -> None:
    """`value` as an element of the schema's type `kind`, children in the schema's order."""
    element = etree.SubElement(parent, f"{{{PHOTOS_NS}}}{name}")
    if kind in ARRAYS:
        item, item_kind = ARRAYS[kind]
        for one in value.get(item, ()):
            _write(element, item, item_kind, one)
    elif kind in ENTITIES:
        for child, child_kind in ENTITIES[kind]:
            if value.get(child) is not None:
                _write(element, child, child_kind, value[child])
    else:
        element.text = as_text(value)
