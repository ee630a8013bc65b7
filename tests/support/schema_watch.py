"""Holds every message that passes the SAPO server in the whole suite against its schemas, with libxml2.

Answers always; requests where a program wrote them from the contract (our client, zeep): others send
what real programs sent, which is not always valid.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from lxml import etree

import providers.sapo

_FOLDER = Path(providers.sapo.__file__).parent
_SERVICE = re.compile(r"/(Photos|STS|sts)(?:/(\w+))?/?\Z")
_NOT_IN_THE_CONTRACT = {"JSON", "RSS", "RSS2", "AlbumDetails", "AlbumGetCoverImage"}
_FROM_THE_CONTRACT = re.compile(r"Pomar|Zeep", re.IGNORECASE)

violations: list[str] = []


class SchemaWatch:
    """Middleware: notes what is not valid in `violations`, which conftest.py looks at after each test."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = _SERVICE.search(request.path)
        if found is None or found[2] in _NOT_IN_THE_CONTRACT or "/Metadata/" in request.path:
            return self._get_response(request)
        name = "photos.xsd" if found[1] == "Photos" else "sts.xsd"
        if request.method == "POST" and _FROM_THE_CONTRACT.search(request.headers.get("User-Agent", "")):
            _watch(request.body, name, request.path)
        answer = self._get_response(request)
        if request.method in ("GET", "POST") and answer.status_code == 200:
            _watch(getattr(answer, "content", b""), name, request.path)
        return answer


def _watch(document: bytes, name: str, path: str) -> None:
    if not document.lstrip().startswith(b"<"):
        return
    root = etree.fromstring(document)
    if etree.QName(root).localname in ("definitions", "fault"):
        return
    bodies = [child for child in root if etree.QName(child).localname == "Body"]
    for message in bodies[0] if bodies else [root]:
        problem = _problem_of(message, name)
        if problem:
            violations.append(f"{path}: {problem}\n{document[:2000]!r}")


def _problem_of(message: etree._Element, name: str) -> str:
    whole = etree.fromstring(etree.tostring(message))
    if (kind := etree.QName(whole)).localname.startswith("GetPrimaryId") and kind.localname.endswith(
        "Result"
    ):
        # Over plain HTTP the token service leaves out the element around this one.
        outer = etree.Element(f"{{{kind.namespace}}}{kind.localname.removesuffix('Result')}Response")
        outer.append(whole)
        whole = outer
    watched = schema(name)
    return "" if watched.validate(whole) else str(watched.error_log)


@cache
def schema(name: str) -> etree.XMLSchema:
    """A schema of the service, its imports read from our files."""
    text = (
        (_FOLDER / name)
        .read_text()
        .replace("{base}/Metadata/Schema/ESBCredentials", str(_FOLDER / "esb.xsd"))
    )
    return etree.XMLSchema(etree.fromstring(text.encode()))
