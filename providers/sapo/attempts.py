"""How often somebody may try a name and a password: a guesser must not use us to lock accounts there.

Only what was refused counts. Many people may share one address, so it has more tries than a person.
"""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from providers.sapo.counters import count_up

TRIES, TRIES_OF_AN_ADDRESS = 10, 100
SECONDS = 600


def may_try(request: HttpRequest) -> bool:
    """Count one more try of this person and of this address; whether both still have some left."""
    of_person, of_address = count_up(_person(request), SECONDS), count_up(_address(request), SECONDS)
    return of_person <= TRIES and of_address <= TRIES_OF_AN_ADDRESS


def take_back(request: HttpRequest) -> None:
    """The try was no wrong guess."""
    for key in (_person(request), _address(request)):
        try:
            cache.decr(key)
        except ValueError:  # it ran out in the meantime
            continue


def _person(request: HttpRequest) -> str:
    return f"sapo-link:user:{request.user.pk}"


def _address(request: HttpRequest) -> str:
    return f"sapo-link:address:{get_adapter().get_client_ip(request)}"
