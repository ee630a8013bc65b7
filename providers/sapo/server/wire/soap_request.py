"""Reads SOAP 1.1 and 1.2 envelopes as real programs write them (docs/protocols/sapo.md, 2.5)."""

from dataclasses import dataclass

from providers.sapo.protocol import SOAP11_NS, SOAP12_NS
from providers.sapo.server.wire.errors import bad_request
from providers.sapo.server.wire.rest_request import Pairs, read_xml, xml_pairs
from providers.xml import Element, children, local_name


@dataclass(frozen=True, slots=True)
class Envelope:
    """`version` is the envelope's namespace; `body` the one element in its Body."""

    version: str
    header: Element | None
    body: Element

    @property
    def operation(self) -> str:
        return local_name(self.body)

    def pairs(self) -> Pairs:
        """All that was sent; what the body says goes before the header."""
        yield from xml_pairs(self.body)
        if self.header is not None:
            yield from xml_pairs(self.header)


def version_of(content_type: str) -> str:
    """The version to answer in while the envelope has not been read."""
    return SOAP12_NS if content_type == "application/soap+xml" else SOAP11_NS


def read_envelope(body: bytes, namespace: str) -> Envelope:
    """The envelope in `body`, its operation being in `namespace` or in none. Raises Fault."""
    root = read_xml(body)
    version = _namespace(root)
    if local_name(root) != "Envelope" or version not in (SOAP11_NS, SOAP12_NS):
        raise bad_request("The request is not a SOAP envelope")
    bodies = list(children(root, "Body"))
    if len(bodies) != 1 or len(bodies[0]) != 1:
        raise bad_request("One Body with one operation is expected")
    operation = bodies[0][0]
    if _namespace(operation) not in (namespace, ""):
        raise bad_request("The operation is in another namespace")
    return Envelope(version, next(children(root, "Header"), None), operation)


def _namespace(element: Element) -> str:
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""
