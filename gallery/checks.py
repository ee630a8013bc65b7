"""Mistakes of configuration, found at start and said in words."""

import os
from collections import Counter
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from gallery.supervisor.valkey import LONGEST_SOCKET_PATH
from providers.configuration import service_settings
from providers.vault import Vault


@register()
def check_secrets(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """The secrets without which nothing can be sealed, signed or linked."""
    wanted = {
        "SECRET_KEY": (1, _secret_key()),
        "VAULT_KEYS": (2, settings.VAULT_KEYS),
        "OIDC_PRIVATE_KEY": (3, settings.IDP_OIDC_PRIVATE_KEY),
    }
    for services in service_settings().values():
        wanted |= {name: (5, getattr(settings, name)) for name in services.secrets}
    return [
        Error(
            f"{name} is not set.",
            hint="`make run` writes one into the data folder; elsewhere set it in the environment.",
            id=f"pomar.E00{number}",
        )
        for name, (number, value) in wanted.items()
        if not value
    ]


def _secret_key() -> str:
    """Django refuses to hand out an empty one."""
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return ""


@register()
def check_no_atomic_requests(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """A request must not hold the write lock while a service is asked (decision 2)."""
    if any(db.get("ATOMIC_REQUESTS") for db in settings.DATABASES.values()):
        return [Error("ATOMIC_REQUESTS must stay off.", id="pomar.E010")]
    return []


@register()
def check_vault_keys(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Found here, not when the first person links an account."""
    try:
        if settings.VAULT_KEYS:
            Vault(settings.VAULT_KEYS)
    except ValueError as error:
        hint = "VAULT_KEYS is `id:base64 of 32 bytes`, several with commas, the newest first."
        return [Error(f"VAULT_KEYS: {error}.", hint=hint, id="pomar.E004")]
    return []


@register()
def check_cache_is_shared(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Authorization codes and locks lie in the cache, and another process asks for them."""
    backend = settings.CACHES["default"]["BACKEND"]
    if backend.endswith(("LocMemCache", "DummyCache")):
        message = "The cache is not shared between processes: linking an account would fail by chance."
        return [Error(message, hint="Leave CACHES as it is; REDIS_URL names the server.", id="pomar.E011")]
    return []


@register()
def check_socket_path(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """The system cuts no path short: it refuses the socket."""
    too_long = len(os.fsencode(settings.VALKEY_SOCKET)) > LONGEST_SOCKET_PATH
    if too_long and not settings.REDIS_URL:
        message = f"VALKEY_SOCKET is longer than {LONGEST_SOCKET_PATH} bytes."
        return [Error(message, hint="Name a shorter path, or leave it out.", id="pomar.E012")]
    return []


@register()
def check_addresses(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Both go into links that others follow."""
    return [
        Error(f"{name} is not a web address: {value!r}.", hint="http(s)://host[:port]", id="pomar.E013")
        for name, value in (("SITE_URL", settings.SITE_URL), ("SERVICES_URL", settings.SERVICES_URL))
        if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname
    ]


@register()
def check_offered_services(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """allauth finds an app by these names; twice the same, or the provider's own, and it finds two."""
    apps = [app for provider in settings.SOCIALACCOUNT_PROVIDERS.values() for app in provider["APPS"]]
    ids = Counter([*settings.SOCIALACCOUNT_PROVIDERS, *(app["provider_id"] for app in apps)])
    keys = Counter(app["client_id"] for app in apps if app["client_id"])
    where = ", ".join(f"{kind_id.upper()}_APPS" for kind_id in settings.SOCIALACCOUNT_PROVIDERS)
    return [
        Error(f"{what} {name!r} is used more than once.", hint=where, id="pomar.E014")
        for what, names in (("provider_id", ids), ("client_id", keys))
        for name, count in names.items()
        if count > 1
    ]


@register()
def check_redis_url(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Queue and cache each add their database's number (REDIS_DATABASES)."""
    parts = urlsplit(settings.REDIS_URL)
    is_fit = parts.scheme in ("redis", "rediss") and parts.hostname and not parts.path.strip("/")
    if settings.REDIS_URL and not is_fit:
        hint = "redis://[USER:PASSWORD@]host[:port], without a database number."
        return [Error("REDIS_URL is not understood.", hint=hint, id="pomar.E015")]
    return []


@register()
def check_choices(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """A slip in one of these would be taken for the default, silently."""
    allowed = {"EMAIL_VERIFICATION": frozenset({"none", "optional", "mandatory"})}
    chosen: dict[str, str | list[str]] = {"EMAIL_VERIFICATION": settings.ACCOUNT_EMAIL_VERIFICATION}
    for services in service_settings().values():
        allowed |= services.choices
        chosen |= {name: getattr(settings, name) for name in services.choices if hasattr(settings, name)}
    return [
        Error(
            f"{name} does not know {wrong!r}.",
            hint=f"One of: {', '.join(sorted(allowed[name]))}.",
            id="pomar.E016",
        )
        for name, value in chosen.items()
        for wrong in sorted(set([value] if isinstance(value, str) else value) - allowed[name])
    ]


@register(deploy=True)
def check_site_is_secure(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Passwords and pictures would travel in the open."""
    if not settings.SITE_IS_SECURE:
        return [Warning("SITE_URL is not https.", id="pomar.W020")]
    return []
