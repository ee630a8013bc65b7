"""What Orange needs of the environment (docs/configuration.md)."""

import random
import secrets
import string
from typing import Any

from providers.configuration import Environment, ServiceSettings, Site, builtin_app


def _link(env: Environment, site: Site) -> dict[str, Any]:
    service_id = env.str("ORANGE_SERVICE_ID", default="")
    password = env.str("ORANGE_SERVICE_PWD", default="")
    builtin = builtin_app(site, "orange", name="Orange Photos", client_id=service_id, secret=password)
    return {
        "ORANGE_SERVICE_ID": service_id,
        "ORANGE_SERVICE_PWD": password,
        "SOCIALACCOUNT_PROVIDERS": {"orange": {"APPS": [builtin, *env.json("ORANGE_APPS", default=[])]}},
    }


def _server(env: Environment, site: Site) -> dict[str, Any]:
    token_lifetime = env.int("ORANGE_TOKEN_LIFETIME", default=61 * 86400)
    return {
        "IDP_OIDC_ADAPTER": "providers.orange.server.adapter.OrangeIdentityAdapter",
        "IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN": token_lifetime,
        "IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN": token_lifetime,
        # Only for SERVICE_PWD, which is long and random: checked at each call.
        "PASSWORD_HASHERS": ["providers.orange.server.hashers.ServicePasswordHasher"],
        "ORANGE_REQUIRE_SERVICE_AUTH": env.bool("ORANGE_REQUIRE_SERVICE_AUTH", default=False),
        # With one user token; 0: no limit.
        "ORANGE_CALLS_A_MINUTE": env.int("ORANGE_CALLS_A_MINUTE", default=6000),
        "ORANGE_NAMES_NEW_PHOTO": env.bool("ORANGE_NAMES_NEW_PHOTO", default=False),
    }


def _service_id() -> str:
    """Ten capital letters and ten digits (docs/protocols/orange.md)."""
    draw = random.SystemRandom().choices
    return "".join(draw(string.ascii_uppercase, k=10) + draw(string.digits, k=10))


SETTINGS = ServiceSettings(
    link=_link,
    server=_server,
    secrets={
        "ORANGE_SERVICE_ID": _service_id,
        "ORANGE_SERVICE_PWD": lambda: secrets.token_urlsafe(32),
    },
)
