"""Keys that are only recognised (hashed) and passwords that can be read back (sealed)."""

import hashlib
import secrets
import string
from functools import cache

from django.conf import settings

from providers.sapo.protocol import UID_LENGTH
from providers.vault import CannotOpen, Vault

_LETTERS = string.ascii_letters + string.digits


def new_uid() -> str:
    """20 letters and digits that nobody guesses (docs/protocols/sapo.md, 1.4)."""
    return "".join(secrets.choice(_LETTERS) for _ in range(UID_LENGTH))


def new_key() -> str:
    """A fresh key or token: URL-safe ASCII, since it travels in query strings."""
    return secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """What is stored of a key: its SHA-256. The keys are random, so that stretching adds nothing."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


@cache
def _vault(keys: tuple[str, ...]) -> Vault:
    return Vault(keys)


def binding(kind: str, name: str) -> tuple[str, str, str]:
    """What the password of a photo or album is sealed for."""
    return "sapo-server", kind, name


def seal(password: str, kind: str, name: str) -> str:
    """The password of the photo or album `name`, sealed for it; "" stays ""."""
    if not password:
        return ""
    return _vault(tuple(settings.VAULT_KEYS)).seal(password, *binding(kind, name))


def unseal(sealed: str, kind: str, name: str) -> str:
    """The password again. One whose key is gone cannot be read: "" with `sealed` still set."""
    if not sealed:
        return ""
    try:
        return _vault(tuple(settings.VAULT_KEYS)).open(sealed, *binding(kind, name))
    except CannotOpen:
        return ""


def is_right(guess: str, sealed: str, kind: str, name: str) -> bool:
    """Whether `guess` opens what `sealed` closes."""
    password = unseal(sealed, kind, name)
    return bool(password) and secrets.compare_digest(guess.encode(), password.encode())
