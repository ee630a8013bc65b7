"""Passwords that a person gave for other people's closed albums.

They are the person's secret of somebody else's: sealed, in the cache, for one linked account and an hour.
"""

import secrets
from dataclasses import dataclass
from hashlib import blake2b

from django.core.cache import cache

from gallery.accounts.models import LinkedAccount
from providers.linking import vault
from providers.vault import CannotOpen

_PURPOSE = "opening"  # under which those that lie in caches are sealed
_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class AlbumPassword:
    """`mark` tells what one password showed from what another did, without showing the password."""

    mark: str = ""
    password: str = ""


def save_password(account: LinkedAccount, username: str, album_id: str, password: str) -> None:
    sealed = vault().seal(password, _PURPOSE, str(account.pk), username, album_id)
    cache.set(_key(account, username, album_id), (secrets.token_hex(8), sealed), _SECONDS)


def password_of(account: LinkedAccount, username: str, album_id: str) -> AlbumPassword:
    """What was given for this album; an empty one where nothing was."""
    mark, sealed = cache.get(_key(account, username, album_id)) or ("", "")
    try:
        return AlbumPassword(
            mark=mark, password=vault().open(sealed, _PURPOSE, str(account.pk), username, album_id)
        )
    except CannotOpen:
        return AlbumPassword()


def _key(account: LinkedAccount, username: str, album_id: str) -> str:
    named = blake2b(repr((username, album_id)).encode("utf-8", "backslashreplace"), digest_size=16)
    return f"opening:{account.pk}:{named.hexdigest()}"
