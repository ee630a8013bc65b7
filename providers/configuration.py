"""What each service adds to the settings of the site, read before Django is set up.

Its folder has a module `settings` with SETTINGS: ServiceSettings, and perhaps a built-in server, `server`.
"""

import builtins
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Protocol

from providers.registry import SERVICES, modules


class Environment(Protocol):
    """Reads variables; a value that is not understood is said in words (gallery/environment.py)."""

    def str(self, var: builtins.str, *, default: builtins.str) -> builtins.str: ...
    def bool(self, var: builtins.str, *, default: builtins.bool) -> builtins.bool: ...
    def int(self, var: builtins.str, *, default: builtins.int) -> builtins.int: ...
    def list(self, var: builtins.str, *, default: Sequence[builtins.str]) -> Sequence[builtins.str]: ...
    def json(self, var: builtins.str, *, default: Any) -> Any: ...
    def time_zone(self, var: builtins.str, default: builtins.str) -> builtins.str: ...


@dataclass(frozen=True, slots=True)
class Site:
    """Where this site answers: `url` to browsers, `services_url` to its own processes."""

    url: str
    services_url: str


Read = Callable[[Environment, Site], dict[str, Any]]


def _nothing(env: Environment, site: Site) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """`link` reads the settings of linking with the service, SOCIALACCOUNT_PROVIDERS among them; `server`
    those of the built-in server. Of a list or mapping that the site has as well, they tell what is added.

    `secrets` makes each secret that a new site needs, by the variable that holds it (gallery/first_start.py).
    `choices` names the values that a setting may have (gallery/checks.py). `secret_names` are regular
    expressions for what else the protocol calls its secrets, to be kept out of logs (gallery/logs.py).
    """

    link: Read
    server: Read = _nothing
    secrets: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    secret_names: tuple[str, ...] = ()


def service_settings() -> dict[str, ServiceSettings]:
    """Of every service that has some, by the service's id."""
    return {kind_id: module.SETTINGS for kind_id, module in modules("settings").items()}


def service_apps() -> list[str]:
    """The Django applications of all services, each followed by its built-in server."""
    return [
        app for package in SERVICES for app in (package, f"{package}.server") if find_spec(app) is not None
    ]


def with_services(settings: Mapping[str, Any], env: Environment, site: Site) -> dict[str, Any]:
    """`settings` and what the services add. Raises ValueError for one that would be written over."""
    whole = dict(settings)
    apps = service_apps()
    for kind_id, own in service_settings().items():
        has_server = f"providers.{kind_id}.server" in apps
        for added in (own.link(env, site), own.server(env, site) if has_server else {}):
            for name, value in added.items():
                whole[name] = _joined(name, whole[name], value) if name in whole else value
    return whole


def _joined(name: str, old: Any, added: Any) -> Any:
    if isinstance(old, list):
        return [*old, *added]
    if isinstance(old, dict) and not set(old) & set(added):
        return {**old, **added}
    raise ValueError(f"{name} is set already")


def builtin_app(site: Site, kind_id: str, **app: str) -> dict[str, Any]:
    """The app that links accounts on the built-in server of a service: `name`, `client_id`, `secret`;
    what else is told goes to its `settings`."""
    place = f"/services/{kind_id}"
    own = {part: app.pop(part) for part in ("name", "client_id", "secret")}
    return {
        "provider_id": builtin_id(kind_id),
        **own,
        "settings": {
            "web_url": f"{site.url}{place}",
            "api_url": f"{site.services_url}{place}",
            "allow_private": True,
            "is_builtin": True,
            **app,
        },
    }


def builtin_id(kind_id: str) -> str:
    """The `provider_id` of this site's own server of a service."""
    return f"pomar-{kind_id}"
