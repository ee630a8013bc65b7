"""Guesses at the password of a photo or an album: twenty wrong ones, and the next has to wait."""

from providers.sapo.counters import count_of, count_up
from providers.sapo.server.auth.keys import is_right
from providers.sapo.server.models import Album, Image

_MAX_WRONG = 20
_SECONDS = 600


class TriedTooOften(Exception):
    """This guesser may try again in ten minutes at most."""


def sealed_as(item: Image | Album) -> tuple[str, str]:
    """(kind, name): what its password is sealed for."""
    if isinstance(item, Image):
        return "image", item.uid
    return "album", f"{item.owner_id}/{item.number}"


def is_right_guess(item: Image | Album, password: str, guesser: str) -> bool:
    """Whether it opens `item`; `guesser` names whose wrong guesses are counted. Raises TriedTooOften."""
    if not password:
        return False
    kind, name = sealed_as(item)
    wrong = f"sapo-wrong:{kind}:{name}:{guesser}"
    if count_of(wrong) >= _MAX_WRONG:
        raise TriedTooOften
    if is_right(password, item.sealed_password, kind, name):
        return True
    count_up(wrong, _SECONDS)
    return False
