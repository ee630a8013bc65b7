"""Makes a data folder with its secrets, once; what is there already is never written over.

`python -m gallery.first_start` prints a set of fresh secrets as lines for an `.env` file instead.
"""

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from providers.configuration import service_settings
from providers.vault import Vault

SECRETS = "secrets.env"
OIDC_KEY = "oidc.pem"
DEMO_WANTED = "demo.wanted"  # lies in a new folder until its demo library is made, or said to be unwanted


def make(data: Path) -> dict[str, str]:
    """Makes the folder (0700), its secrets and the key (0600) where they are missing. A folder that
    is there already keeps its mode: it may be one that others have to enter.

    Returns the secrets by name. Raises OSError where the folder cannot be made or written.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in ("logs", "media"):
        (data / folder).mkdir(mode=0o700, exist_ok=True)
    if not (data / SECRETS).exists():
        (data / DEMO_WANTED).touch()
    if not (data / OIDC_KEY).exists():
        _write_private(data / OIDC_KEY, _rsa_key())
    return _complete_secrets(data / SECRETS)


def _complete_secrets(path: Path) -> dict[str, str]:
    """Adds the names that the file does not have yet; a later version of Pomar may want more."""
    old = path.read_text() if path.exists() else "# Made at the first start. Keep it with the data.\n"
    known = dict(line.split("=", 1) for line in old.splitlines() if "=" in line and line[0] != "#")
    added = {name: make_value() for name, make_value in _MAKERS.items() if name not in known}
    if added:
        lines = "".join(f"{name}={value}\n" for name, value in added.items())
        _write_private(path, old + ("" if old.endswith("\n") else "\n") + lines)
    return known | added


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all: a half secret would lock everybody out of the data."""
    new = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _rsa_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


# Cookies ignore ports: two sites on one machine would sign each other's people out.
_SITE_NAME = f"pomar_{secrets.token_hex(4)}"

_MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "VAULT_KEYS": lambda: Vault.new_key("k1"),
    "DEMO_PASSWORD": lambda: f"orchard-{secrets.token_hex(3)}",
    "SESSION_COOKIE_NAME": lambda: f"{_SITE_NAME}_session",
    "CSRF_COOKIE_NAME": lambda: f"{_SITE_NAME}_csrf",
}
for _service in service_settings().values():
    _MAKERS.update(_service.secrets)


def print_fresh() -> None:
    values = {name: make_value() for name, make_value in _MAKERS.items()}
    values["OIDC_PRIVATE_KEY"] = "'" + _rsa_key().strip().replace("\n", "\\n") + "'"
    values["POSTGRES_PASSWORD"] = secrets.token_hex(24)
    values["STORAGE_SECRET"] = secrets.token_hex(24)
    sys.stdout.writelines(f"{name}={value}\n" for name, value in values.items())


if __name__ == "__main__":
    print_fresh()
