"""The SAPO client against a replaying server: what went out, byte for byte."""

from pathlib import Path

from providers.client.http import Limits
from providers.registry import ServiceApp
from providers.sapo.client import SapoClient
from providers.sapo.connection import binding_for, http_for
from tests.support.replay_server import ReceivedRequest

SPECIMENS = Path(__file__).parent.parent / "specimens" / "sapo"
BINDINGS = ("rest", "rest-xml", "soap")
TOKEN, ACCESS_KEY = "TOKEN-1", "K-1"


def app_at(url: str, binding: str = "rest", **options: str) -> ServiceApp:
    return ServiceApp(
        provider_id="sapo-test",
        kind="sapo",
        name="SAPO Fotos",
        client_id=ACCESS_KEY,
        secret="",
        web_url=url,
        api_url=url,
        allow_private=True,
        options={"binding": binding, **options},
    )


def client_at(url: str, binding: str = "rest", limits: Limits | None = None) -> SapoClient:
    app = app_at(url, binding)
    return SapoClient(binding_for(app, http_for(app, limits), TOKEN))


def answer_of(operation: str, binding: str) -> tuple[bytes, str]:
    """(body, media type) of the recorded answer in that binding."""
    folder, ending, media_type = {
        "rest": ("rest", "json", "application/json; charset=utf-8"),
        "rest-xml": ("rest", "xml", "text/xml; charset=utf-8"),
        "soap": ("soap", "xml", "text/xml; charset=utf-8"),
    }[binding]
    return (SPECIMENS / folder / f"{operation}.answer.{ending}").read_bytes(), media_type


def request_of(operation: str, binding: str) -> bytes:
    """The recorded request, in the form that `serialized` gives."""
    if binding == "soap":
        return (SPECIMENS / "soap" / f"{operation}.request.xml").read_bytes()
    recorded = (SPECIMENS / "rest" / f"{operation}.request").read_bytes()
    # XML is what the service answers when JSON is not asked for.
    return recorded if binding == "rest" else recorded.replace(b"json=true&", b"")


def serialized(request: ReceivedRequest, binding: str) -> bytes:
    """What is compared: for REST the request line, our headers and the body; for SOAP the body."""
    if binding == "soap":
        return request.body
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    if request.header("Content-Type"):
        lines.append(f"Content-Type: {request.header('Content-Type')}")
    lines.append(f"Authorization: {request.header('Authorization')}")
    return "\n".join(lines).encode() + b"\n\n" + request.body
