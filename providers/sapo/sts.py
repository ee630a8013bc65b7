"""The token service: a user name and a password become a token of 12 hours (docs/protocols/sapo.md, Tokens).

Over HTTP everything is posted as a form: in a query the password would end in the server's logs.
Errors are those of `client`; ReconnectNeeded means that the name and the password, or the token, are wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lxml import etree

from providers.client.http import Limits, Reply
from providers.contract.entities import Key
from providers.contract.errors import ProtocolError
from providers.registry import ServiceApp
from providers.sapo.client import SapoClient
from providers.sapo.connection import binding_for, http_for, speaks_soap
from providers.sapo.protocol import (
    DEFINITIONS_NS,
    PASSWORD,
    STS_PATH,
    TOKEN,
    TOKEN_SECONDS,
    TOKEN_TIME_TO_LIVE,
    USERNAME,
)
from providers.sapo.protocol_sts import STS_OPERATIONS
from providers.sapo.responses import PROVIDER, Responses, Tree, local, many, text, text_of, unreadable
from providers.sapo.soap import envelope, post_envelope, start


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInfo:
    """Who a token belongs to; `token` is a fresh one."""

    primary_id: str
    token: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenInfo:
    """When a token ends, as the service writes it (xs:dateTime), and whose it is."""

    life_time: str
    extra_info: str
    primary_id: str


class TokenService:
    """The operations of the token service. `time_to_live` is "h:mm:ss", "" for the service's 12 hours."""

    def __init__(self, app: ServiceApp, *, limits: Limits | None = None) -> None:
        self._app = app
        self._http = http_for(app, limits)

    def key_for(self, username: str, password: str) -> Key:
        """The key of an account: asked once, and tried, so that a key which opens nothing is not stored."""
        info = self.get_primary_id(username, password)
        expires_at = datetime.now(UTC) + timedelta(seconds=TOKEN_SECONDS)
        person = SapoClient(binding_for(self._app, self._http, info.token)).user_details()
        return Key(
            secret=info.token,
            expires_at=expires_at,
            remote_id=info.primary_id,
            label=person.username or info.primary_id,
        )

    def get_token(self, username: str, password: str, *, time_to_live: str = "") -> str:
        credentials = {USERNAME: username, PASSWORD: password, TOKEN_TIME_TO_LIVE: time_to_live}
        return self._token("GetToken", self._ask("GetToken", credentials))

    def exchange_token(self, token: str, *, time_to_live: str = "") -> str:
        """A new token for one that still works. Offered to other programs."""
        credentials = {TOKEN: token, TOKEN_TIME_TO_LIVE: time_to_live}
        return self._token("GetToken", self._ask("GetToken", credentials))

    def get_primary_id(self, username: str, password: str) -> UserInfo:
        credentials = {USERNAME: username, PASSWORD: password}
        return self._user_info("GetPrimaryId", self._ask("GetPrimaryId", credentials))

    def get_primary_id_details(self, username: str, password: str) -> UserInfo:
        credentials = {USERNAME: username, PASSWORD: password}
        return self._user_info("GetPrimaryIdDetails", self._ask("GetPrimaryIdDetails", credentials))

    def validate_token(self, token: str) -> TokenInfo:
        found = self._ask("ValidateToken", {TOKEN: token}, {"UserToken": token})
        return TokenInfo(
            life_time=text(found, "LifeTime"),
            extra_info=text(found, "ExtraInfo"),
            primary_id=text(found, "PrimaryId"),
        )

    def get_roles(self, token: str) -> tuple[str, ...]:
        return _roles(self._ask("GetRoles", {TOKEN: token}, {"UserToken": token}))

    def revoke_token(self, token: str) -> bool:
        """Whether the service ended it."""
        return text_of(self._ask("RevokeToken", {TOKEN: token}, {"UserToken": token})) in ("true", "1")

    def _ask(
        self, name: str, credentials: Mapping[str, str], fields: Mapping[str, str] | None = None
    ) -> Tree:
        """The content of `<name>Result`. Asking again does no harm, so nothing here counts as a write."""
        filled = {key: value for key, value in credentials.items() if value}
        if speaks_soap(self._app):
            reply = self._post_soap(name, filled, fields or {})
        else:
            url = f"{self._app.api_url}{STS_PATH}/{name}"
            reply = self._http.post(name, url, body={**filled, **(fields or {})}, writes=False)
        responses = Responses([*filled.values(), *(fields or {}).values()])
        root, content = responses.root(reply, name, writes=False)
        if root == f"{name}Response":
            return local(content, f"{name}Result")
        # Plain HTTP leaves a level out for some operations.
        if root == STS_OPERATIONS[name].http_root and not speaks_soap(self._app):
            return content
        raise unreadable("the answer belongs to something else", name, reply, writes=False)

    def _post_soap(self, name: str, credentials: Mapping[str, str], fields: Mapping[str, str]) -> Reply:
        message = start(DEFINITIONS_NS, name)
        for field, value in fields.items():
            etree.SubElement(message, f"{{{DEFINITIONS_NS}}}{field}").text = value
        body = envelope(message, credentials, self._app.client_id)
        action = f"{DEFINITIONS_NS}/{name}"
        url = f"{self._app.api_url}{STS_PATH}"
        return post_envelope(self._http, name, url, body, action=action, writes=False)

    def _token(self, name: str, found: Tree) -> str:
        token = text_of(found)
        if not token:
            raise ProtocolError("no token in the answer", provider=PROVIDER, operation=name)
        return token

    def _user_info(self, name: str, found: Tree) -> UserInfo:
        primary_id = text(found, "PrimaryId")
        if not primary_id:
            raise ProtocolError("no PrimaryId in the answer", provider=PROVIDER, operation=name)
        return UserInfo(
            primary_id=primary_id, token=self._token(name, local(found, TOKEN)), roles=_roles(found)
        )


def _roles(found: Tree) -> tuple[str, ...]:
    return tuple(text_of(role) for role in many(found, "ESBRoles", "ESBRole") if text_of(role))
