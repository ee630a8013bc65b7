"""What SAPO needs of the environment (docs/configuration.md)."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from providers.configuration import Environment, ServiceSettings, Site, builtin_app


def _link(env: Environment, site: Site) -> dict[str, Any]:
    access_key = env.str("SAPO_ACCESS_KEY", default="")
    binding = env.str("SAPO_BINDING", default="rest")  # how our client speaks to the built-in server
    builtin = builtin_app(site, "sapo", name="SAPO Fotos", client_id=access_key, secret="", binding=binding)
    return {
        "SAPO_ACCESS_KEY": access_key,
        "SAPO_BINDING": binding,
        "SOCIALACCOUNT_PROVIDERS": {"sapo": {"APPS": [builtin, *env.json("SAPO_APPS", default=[])]}},
    }


def _server(env: Environment, site: Site) -> dict[str, Any]:
    return {
        # Which of "credentials" and "access_key" a call must bring.
        "SAPO_REQUIRE": env.list("SAPO_REQUIRE", default=["credentials", "access_key"]),
        "SAPO_TIME_ZONE": env.time_zone("SAPO_TIME_ZONE", default="Europe/Lisbon"),
        "SAPO_REDIR": env.str("SAPO_REDIR", default="redirect"),  # or "call": the server asks the address
        "SAPO_REDIR_HOSTS": env.list("SAPO_REDIR_HOSTS", default=[urlsplit(site.url).hostname or ""]),
        "CELERY_BEAT_SCHEDULE": {
            "look-at-new-sapo-images": {
                "task": "providers.sapo.server.tasks.process_new_images",
                "schedule": 3.0,
                "options": {"queue": "providers"},  # of what built-in servers do in the background
            }
        },
    }


SETTINGS = ServiceSettings(
    link=_link,
    server=_server,
    secrets={"SAPO_ACCESS_KEY": lambda: secrets.token_hex(16)},
    choices={
        "SAPO_BINDING": frozenset({"rest", "soap"}),
        "SAPO_REDIR": frozenset({"redirect", "call"}),
        "SAPO_REQUIRE": frozenset({"credentials", "access_key"}),
    },
    secret_names=(r"ESB\w+", "AccessKey"),
)
