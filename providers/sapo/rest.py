"""The REST binding: flat parameters in the query, or one entity as a JSON body (sapo.md, REST)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from providers.client.http import Http, Reply
from providers.sapo.protocol import AUTHORIZATION_PARAMETER, AUTHORIZATION_SCHEME, PHOTOS_PATH, TOKEN
from providers.sapo.protocol_tables import MORE_REST, OPERATIONS, Operation, RestName
from providers.sapo.values import as_text

# What live clients left as it is in a query.
_SAFE = ",@-._~"


class RestBinding:
    """Calls with a token. `as_json`: ask for JSON; else the answers are XML."""

    def __init__(
        self, http: Http, api_url: str, token: str, access_key: str, *, as_json: bool = True
    ) -> None:
        self.secrets = (token, access_key)
        self._http = http
        self._address = f"{api_url}{PHOTOS_PATH}"
        self._token = token
        self._headers = access_key_header(access_key)
        self._as_json = as_json

    def call(self, name: str, request: Mapping[str, Any]) -> Reply:
        """Send `request`, which is nested as in SOAP: `{"image": {"uid": "x"}, "page": 2}`."""
        operation = OPERATIONS[name]
        url = f"{self._address}/{name}?{self._query(operation, request)}"
        if not operation.rest_body:
            return self._http.get(name, url, headers=self._headers, writes=operation.writes)
        body = {operation.rest_body: _texts(request.get(operation.rest_body, {}))}
        return self._http.post(
            name,
            url,
            body=json.dumps(body, ensure_ascii=False).encode(),
            headers={**self._headers, "Content-Type": "application/json"},
            writes=operation.writes,
        )

    def _query(self, operation: Operation, request: Mapping[str, Any]) -> str:
        pairs = [*_parameters(operation, request)]
        if self._as_json:
            pairs.append(("json", "true"))
        pairs.append((TOKEN, self._token))
        return "&".join(f"{name}={quote(value, safe=_SAFE)}" for name, value in pairs)


def access_key_header(access_key: str) -> dict[str, str]:
    """`Authorization: ESB AccessKey=...`, or nothing for a server that asks for none."""
    if not access_key:
        return {}
    return {"Authorization": f"{AUTHORIZATION_SCHEME} {AUTHORIZATION_PARAMETER}={access_key}"}


def _parameters(operation: Operation, request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for rest in (*operation.rest, *MORE_REST.get(operation.name, ())):
        values = [as_text(value) for value in _values(request, rest)]
        if rest.is_list and values:
            yield rest.name, ",".join(values)
        elif values and values[0]:
            yield rest.name, values[0]


def _values(request: Mapping[str, Any], rest: RestName) -> list[Any]:
    """What stands at `rest.path`; a list on the way or at its end gives several values."""
    found: list[Any] = [request]
    for step in rest.path.split("/"):
        inside = [value.get(step) for value in found if isinstance(value, Mapping)]
        found = [one for value in inside for one in (value if isinstance(value, (list, tuple)) else [value])]
    return [value for value in found if value is not None]


def _texts(value: Any) -> Any:
    """Every scalar as text, as the service itself writes them."""
    if isinstance(value, Mapping):
        return {name: _texts(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, (list, tuple)):
        return [_texts(inner) for inner in value]
    return as_text(value)
