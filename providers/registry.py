"""Which photo services there are, and how to open an account on one. The gallery's only way to them.

Adding a service: one folder and one line in SERVICES (docs/adding-a-provider.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from providers.contract.accepts import Accepts
from providers.contract.base import PhotoService
from providers.contract.policy import UploadPolicy

# The last part of a package's name is the id of its service.
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


class Tone(StrEnum):
    """The colours that a service's mark can have, each for the light and the dark theme."""

    EMBER = "ember"
    LEAF = "leaf"
    AMBER = "amber"
    SKY = "sky"
    STONE = "stone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceKind:
    """What a provider package says about itself.

    `letter` and `tone` make its mark. `service` is the class of the accounts it opens, for
    `issubclass(kind.service, TagSearch)`; `open(app, secret, username)` opens the account behind a
    token. `accepts` is what it takes and keeps.
    `needs_server_url`: each person names their own server, and `open` is given `app.at(server_url)`.
    """

    id: str
    name: str
    letter: str
    tone: Tone = Tone.STONE
    accepts: Accepts
    service: type
    open: Callable[[ServiceApp, str, str], PhotoService]
    needs_server_url: bool = False
    upload_policy: UploadPolicy = field(default_factory=UploadPolicy)


def modules(name: str) -> dict[str, ModuleType]:
    """The module `name` of every service that has one, by the service's id."""
    return {
        package.rpartition(".")[2]: import_module(f"{package}.{name}")
        for package in SERVICES
        if find_spec(f"{package}.{name}") is not None
    }


@cache
def kinds() -> Mapping[str, ServiceKind]:
    """All services by their id."""
    return {kind_id: module.SERVICE for kind_id, module in modules("photos").items()}


def kind_of(kind_id: str) -> ServiceKind:
    """Raises KeyError for a service that this site does not have."""
    return kinds()[kind_id]
