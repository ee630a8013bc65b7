"""Which photo services there are, and how to open an account on one. The gallery's only door to them.

Adding a service: one folder and one line in SERVICES (docs/adding-a-provider.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module

from providers.contract.accepts import Accepts
from providers.contract.base import PhotoService

# Each package has a module `photos` with SERVICE: ServiceKind, and perhaps a `server`.
SERVICES = ("providers.orange", "providers.sapo")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceApp:
    """One server of a kind that the site offers, with its two addresses (docs/configuration.md).

    `provider_id` is unique on the site; `kind` names the service. `web_url` is for browsers,
    `api_url` for our own calls; neither ends in a slash. `options` are the rest of the app's settings.
    """

    provider_id: str
    kind: str
    name: str
    client_id: str
    secret: str
    web_url: str
    api_url: str
    allow_private: bool = False
    options: Mapping[str, str] = field(default_factory=dict)

    def at(self, server_url: str) -> "ServiceApp":
        """The same app on a person's own server, whose address was checked (client/server_url.py)."""
        return replace(self, web_url=server_url, api_url=server_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceKind:
    """What a provider package says about itself.

    `service` is the class of the accounts it opens, for `issubclass(kind.service, TagSearch)`;
    `open(app, secret, username)` opens the account behind a token. `accepts` is what it takes and keeps.
    `needs_server_url`: each person names their own server, and `open` is given `app.at(server_url)`.
    """

    id: str
    name: str
    letter: str
    accepts: Accepts
    service: type
    open: Callable[[ServiceApp, str, str], PhotoService]
    needs_server_url: bool = False


@cache
def kinds() -> Mapping[str, ServiceKind]:
    """All services by their id."""
    found = (import_module(f"{package}.photos").SERVICE for package in SERVICES)
    return {kind.id: kind for kind in found}


def kind_of(kind_id: str) -> ServiceKind:
    """Raises KeyError for a service that this site does not have."""
    return kinds()[kind_id]
