"""Seals secrets before they touch a row, a session or a dump.

AES-256-GCM; what a sealed text is for (purpose, provider, account) is authenticated with it, so a
row copied to another account does not open. Keys come from the environment as `id:base64`; the
first seals, all open. This protects dumps and backups, not a site that has been taken over.
"""

import base64
import binascii
import os
from collections.abc import Iterator, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = "v1"
_NONCE_BYTES = 12
_KEY_BYTES = 32

# (a row, its sealed column, what that is sealed for): an app that stores something sealed yields these
# from `sealed.rows()`, so that a change of keys reaches it (manage.py reseal).
Sealed = Iterator[tuple[Any, str, tuple[str, ...]]]


class CannotOpen(Exception):
    """The sealed text is damaged, meant for something else, or its key is gone."""


class Vault:
    """Seals with the first of `keys` ("id:base64 of 32 bytes"), opens with any of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys: dict[str, AESGCM] = {}
        for entry in keys:
            key_id, _, encoded = entry.partition(":")
            if key_id in self._keys:
                raise ValueError(f"vault key {key_id!r} is there twice")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                key = b""
            if len(key) != _KEY_BYTES:
                raise ValueError(f"vault key {key_id!r} is not 32 bytes in base64")
            self._keys[key_id] = AESGCM(key)
        if not self._keys:
            raise ValueError("the vault has no key")
        self._first = next(iter(self._keys))

    @staticmethod
    def new_key(key_id: str) -> str:
        """A fresh random key in the form that the constructor takes."""
        return f"{key_id}:{base64.b64encode(AESGCM.generate_key(bit_length=256)).decode()}"

    def seal(self, text: str, *binding: str) -> str:
        """`v1.<key id>.<nonce and ciphertext>`, readable only with the same `binding`."""
        nonce = os.urandom(_NONCE_BYTES)
        box = self._keys[self._first].encrypt(nonce, text.encode(), _bound(binding))
        return f"{_VERSION}.{self._first}.{base64.urlsafe_b64encode(nonce + box).decode()}"

    def open(self, sealed: str, *binding: str) -> str:
        """The text again. Raises CannotOpen."""
        version, _, rest = sealed.partition(".")
        key_id, _, encoded = rest.partition(".")
        key = self._keys.get(key_id)
        if version != _VERSION or key is None:
            raise CannotOpen("unknown version or key")
        try:
            box = base64.urlsafe_b64decode(encoded)
            return key.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], _bound(binding)).decode()
        except (InvalidTag, binascii.Error, ValueError):
            raise CannotOpen("damaged, or sealed for something else") from None

    def is_current(self, sealed: str) -> bool:
        """Whether `sealed` was sealed with the first key."""
        return sealed.startswith(f"{_VERSION}.{self._first}.")


def _bound(binding: Sequence[str]) -> bytes:
    # Lengths keep ("ab", "c") apart from ("a", "bc").
    return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in binding)
