"""The way to one SAPO server: its addresses, its hosts and the binding that the app asks for."""

from urllib.parse import urlsplit

from providers.client.http import Http, Limits
from providers.registry import ServiceApp
from providers.sapo.client import Binding
from providers.sapo.protocol import UPLOAD_PATH
from providers.sapo.responses import PROVIDER
from providers.sapo.rest import RestBinding
from providers.sapo.soap import SoapBinding


def http_for(app: ServiceApp, limits: Limits | None = None) -> Http:
    """Calls to the server's own hosts, and to those that the app's `hosts` names (pictures, say)."""
    addresses = [app.api_url, app.web_url, app.options.get("upload_url", "")]
    hosts = [urlsplit(address).hostname or "" for address in addresses]
    hosts += app.options.get("hosts", "").split()
    return Http(PROVIDER, [host for host in hosts if host], allow_private=app.allow_private, limits=limits)


def speaks_soap(app: ServiceApp) -> bool:
    return app.options.get("binding") == "soap"


def binding_for(app: ServiceApp, http: Http, token: str) -> Binding:
    """As the app's `binding` says: "rest" (JSON, the default), "rest-xml" or "soap"."""
    if speaks_soap(app):
        return SoapBinding(http, app.api_url, token, app.client_id)
    as_json = app.options.get("binding") != "rest-xml"
    return RestBinding(http, app.api_url, token, app.client_id, as_json=as_json)


def upload_url(app: ServiceApp, *, for_browser: bool = False) -> str:
    """Where files go: a host of its own on the live service (`upload_url`), else the server itself."""
    base = app.web_url if for_browser else app.api_url
    return app.options.get("upload_url") or f"{base}{UPLOAD_PATH}"
