"""Giving a user token back (OAuth 2.0 token revocation, RFC 7009)."""

from urllib.parse import urlsplit

from providers.client.http import Http
from providers.contract.errors import Unavailable
from providers.orange.failures import PROVIDER
from providers.registry import ServiceApp


def revoke(app: ServiceApp, token: str) -> None:
    """End `token`; one that has ended already is no error. Raises TemporaryError to try again later."""
    http = Http(PROVIDER, [urlsplit(app.api_url).hostname or ""], allow_private=app.allow_private)
    reply = http.post(
        "revoke",
        f"{app.api_url}/identity/o/api/revoke",
        body={"token": token, "token_type_hint": "access_token"},
        auth=(app.client_id, app.secret),
        writes=False,  # may be repeated
    )
    if reply.status >= 400:
        raise Unavailable(
            f"HTTP {reply.status}", provider=PROVIDER, operation="revoke", code=str(reply.status)
        )
