"""Guesses at the password of a photo or an album: who was wrong twenty times has to wait."""

from providers.sapo.counters import count_of, count_up
from providers.sapo.server.auth.keys import is_right
from providers.sapo.server.models import Album, Image

_MOST_WRONG = 20
_SECONDS = 600


class TriedTooOften(Exception):
    """This guesser may try again in ten minutes at most."""


def named(thing: Image | Album) -> tuple[str, str]:
    """(kind, name) under which its password is sealed."""
    if isinstance(thing, Image):
        return "image", thing.uid
    return "album", f"{thing.owner_id}/{thing.number}"


def is_right_guess(thing: Image | Album, password: str, guesser: str) -> bool:
    """Whether it opens `thing`; `guesser` is whose wrong guesses are counted. Raises TriedTooOften."""
    if not password:
        return False
    kind, name = named(thing)
    wrong = f"sapo-wrong:{kind}:{name}:{guesser}"
    if count_of(wrong) >= _MOST_WRONG:
        raise TriedTooOften
    if is_right(password, thing.sealed_password, kind, name):
        return True
    count_up(wrong, _SECONDS)
    return False
