"""Reads REST calls: query string, form, JSON or XML body, into pairs of name and value."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import parse_qsl

from django.http import HttpRequest

from providers.sapo.protocol import XSI_NS
from providers.sapo.server.wire.arguments import MAX_VALUES
from providers.sapo.server.wire.bodies import MAX_BODY_BYTES, body_of
from providers.sapo.server.wire.errors import bad_request
from providers.sapo.server.wire.multipart import MultipartError, MultipartReader, boundary_of
from providers.sapo.server.wire.repair import repaired
from providers.xml import Element, XmlError, local_name, parse

MAX_DEPTH = 20
Pairs = Iterator[tuple[str, str]]
_BEYOND_ASCII = re.compile("[\x80-\xff]")
_NIL = f"{{{XSI_NS}}}nil"


def query_pairs(query: str) -> list[tuple[str, str]]:
    """The pairs of a query string or form; an extra leading `?` or `&` is ignored.

    `query` holds bytes as letters, as WSGI has them. Raises Fault when there are too many.
    """
    # Bytes that came unencoded are encoded, so that one rule decodes them all.
    query = _BEYOND_ASCII.sub(lambda found: f"%{ord(found[0]):02X}", query.lstrip("?&"))
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MAX_VALUES)
    except UnicodeDecodeError:
        # Old Portuguese programs percent-encode Latin-1.
        return parse_qsl(query, keep_blank_values=True, encoding="cp1252", errors="replace")
    except ValueError:
        raise bad_request(f"More than {MAX_VALUES} values in one request") from None


def rest_pairs(request: HttpRequest) -> Pairs:
    """All pairs of a REST call: the query's, then the body's. Raises Fault."""
    yield from query_pairs(request.META.get("QUERY_STRING", ""))
    if request.method != "POST":
        return
    content_type = request.META.get("CONTENT_TYPE", "").lower()
    if content_type.startswith("multipart/form-data"):
        yield from _multipart_pairs(request)
        return
    body = body_of(request).removeprefix(b"\xef\xbb\xbf")
    first = body.lstrip()[:1]
    if "xml" in content_type or first == b"<":
        yield from xml_pairs(read_xml(body)) if first else ()
    elif "json" in content_type or first in (b"{", b"["):
        yield from _json_pairs(body) if first else ()
    else:
        yield from query_pairs(body.decode("latin-1"))


def _multipart_pairs(request: HttpRequest) -> Pairs:
    body = BytesIO(body_of(request))
    try:
        for part in MultipartReader(body.read, boundary_of(request.META["CONTENT_TYPE"])):
            yield part.name, part.text(MAX_BODY_BYTES)
    except MultipartError:
        raise bad_request("The form cannot be read") from None


def read_xml(body: bytes) -> Element:
    """The root of an XML body. Raises Fault.

    Where it is broken it is repaired, if that is possible, and read once more.
    """
    try:
        return parse(body)
    except XmlError as error:
        repaired_body = repaired(body)
        if repaired_body == body or b"<!DOCTYPE" in body:
            raise bad_request(f"The request is {error}") from None
    try:
        return parse(repaired_body)
    except XmlError as error:
        raise bad_request(f"The request is {error}") from None


def xml_pairs(root: Element, path: str = "") -> Pairs:
    """(path, text) of every element below `root` without children of its own, nil ones left out.

    Raises Fault when they are nested deeper than any real request.
    """
    if path.count("/") > MAX_DEPTH:
        raise bad_request("The request is nested too deeply")
    for child in root:
        name = f"{path}/{local_name(child)}" if path else local_name(child)
        if len(child):
            yield from xml_pairs(child, name)
        elif child.get(_NIL, "") not in ("true", "1"):
            yield name, child.text or ""


def _json_pairs(body: bytes) -> Pairs:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise bad_request("The request is not well-formed JSON") from None
    yield from _value_pairs(document, "")


def _value_pairs(value: object, path: str, depth: int = 0) -> Pairs:
    if depth > MAX_DEPTH:
        raise bad_request("The request is nested too deeply")
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _value_pairs(inner, f"{path}/{name}" if path else str(name), depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _value_pairs(inner, path, depth + 1)
    elif value is not None:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)
